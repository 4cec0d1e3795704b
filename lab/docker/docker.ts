import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ExecaError, execa } from "execa";
import { LabError } from "../lab-error.ts";
import { stateDirectory } from "../state.ts";

/** Label of everything the lab creates in Docker; `lab:down` removes what has it, and nothing else. */
export const label = "container-registry.lab";

export type DockerOptions = {
  /** Sent to stdin. @default nothing: stdin is closed */
  input?: string | Buffer;
  /** @default 120; a pull or a build may need more */
  timeoutSeconds?: number;
};

/** Runs one docker command and returns its stdout without the last newline. */
export function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const command = [...(changesNetworks(args) ? oneByOne() : []), "docker", ...args];
  // `docker rm` fails when a container's processes take more than ten seconds to end, which happens on a busy machine: one
  // retry.
  if (args[0] === "rm") return run(command, options).catch(() => run(command, options));
  return run(command, options);
}

/**
 * Docker 20.10 (Debian 12) can deadlock while containers join and leave a network in parallel: `docker run` and `docker rm`
 * then hang until the daemon is restarted. Such commands run one at a time.
 * Only Linux has such a Docker: on macOS, Docker is newer.
 *
 * @see https://github.com/moby/libnetwork/pull/2679
 */
function changesNetworks([verb = "", ...rest]: readonly string[]): boolean {
  if (process.platform !== "linux") return false;
  if (verb === "run") return rest.includes("--detach");
  if (verb === "network") return rest.includes("connect");
  return ["start", "stop", "restart", "rm"].includes(verb);
}

/** Command prefix that takes a lock among all processes of the lab. The kernel releases the lock when its holder ends. */
function oneByOne(): string[] {
  mkdirSync(stateDirectory(), { recursive: true });
  return ["flock", join(stateDirectory(), "docker-networks")];
}

async function run([command = "", ...args]: readonly string[], options: DockerOptions): Promise<string> {
  const { input = "", timeoutSeconds = 120 } = options;
  try {
    // Containers have the platform of Docker's server, whatever else the user has set for other images.
    const env = { DOCKER_DEFAULT_PLATFORM: undefined };
    const { stdout } = await execa(command, args, { env, input, timeout: timeoutSeconds * 1000 });
    return stdout;
  } catch (error) {
    const { shortMessage, stderr } = error as ExecaError;
    throw new LabError(`${shortMessage}\n${typeof stderr === "string" ? stderr.trim() : ""}`);
  }
}

/** Whether a docker command succeeds, as in `await dockerSays(["image", "inspect", tag])`. */
export async function dockerSays(args: readonly string[]): Promise<boolean> {
  const { exitCode, timedOut } = await execa("docker", args, { reject: false, timeout: 120_000 });
  // No answer is not a no: what looks gone is removed and made again, under the tests that use it.
  if (timedOut)
    throw new LabError(`docker ${args.join(" ")} gave no answer within 120 s; is the Docker daemon busy or stopped?`);
  return exitCode === 0;
}

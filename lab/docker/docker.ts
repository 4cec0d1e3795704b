import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ExecaError, execa } from "execa";
import { LabError } from "../lab-error.ts";
import { stateDirectory } from "../state.ts";

/** On everything the lab makes in Docker; `lab:down` removes what carries it, and nothing else. */
export const label = "container-registry.lab";

export type DockerOptions = {
  /** Sent to stdin. @default nothing: stdin is closed */
  input?: string | Buffer;
  /** @default 120; a pull or a build may need more */
  timeoutSeconds?: number;
};

/** Runs one docker command and gives what it printed, without the last newline. */
export function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const command = [...(changesNetworks(args) ? oneByOne() : []), "docker", ...args];
  // Docker waits ten seconds for all that a container ran to end, too few where a busy machine ends one of the lab's.
  if (args[0] === "rm") return run(command, options).catch(() => run(command, options));
  return run(command, options);
}

/**
 * Docker 20.10, which is Debian 12's, may lock up for good while containers enter and leave a network at once: then
 * neither `docker run` nor `docker rm` ends until the daemon is restarted.
 *
 * @see https://github.com/moby/libnetwork/pull/2679
 */
function changesNetworks([verb = "", ...rest]: readonly string[]): boolean {
  if (verb === "run") return rest.includes("--detach");
  if (verb === "network") return rest.includes("connect");
  return ["start", "stop", "restart", "rm"].includes(verb);
}

/** Among all processes of the lab. The kernel gives the lock back, however its holder ends. */
function oneByOne(): string[] {
  mkdirSync(stateDirectory(), { recursive: true });
  return ["flock", join(stateDirectory(), "docker-networks")];
}

async function run([command = "", ...args]: readonly string[], options: DockerOptions): Promise<string> {
  const { input = "", timeoutSeconds = 120 } = options;
  try {
    const { stdout } = await execa(command, args, { input, timeout: timeoutSeconds * 1000 });
    return stdout;
  } catch (error) {
    const { shortMessage, stderr } = error as ExecaError;
    throw new LabError(`${shortMessage}\n${typeof stderr === "string" ? stderr.trim() : ""}`);
  }
}

/** Whether a docker command succeeds: `await dockerSays(["image", "inspect", tag])`. */
export async function dockerSays(args: readonly string[]): Promise<boolean> {
  const { exitCode } = await execa("docker", args, { reject: false, timeout: 30_000 });
  return exitCode === 0;
}

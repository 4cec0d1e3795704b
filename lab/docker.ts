import { type ExecaError, execa } from "execa";
import { LabError } from "./lab-error.ts";

/** On everything the lab makes in Docker; `lab:down` removes what carries it, and nothing else. */
export const label = "container-registry.lab";

export type DockerOptions = {
  /** Sent to stdin. @default nothing: stdin is closed */
  input?: string | Buffer;
  /** @default 120; a pull or a build may need more */
  timeoutSeconds?: number;
};

/** Runs one docker command and gives what it printed, without the last newline. */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { input = "", timeoutSeconds = 120 } = options;
  try {
    const { stdout } = await execa("docker", args, { input, timeout: timeoutSeconds * 1000 });
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

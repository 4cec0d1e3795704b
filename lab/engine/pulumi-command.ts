import { execa } from "execa";
import { killTree } from "./process-tree.ts";

/** The result of one `pulumi` command. */
export type PulumiResult = {
  /** The command line, without the flags that the lab adds to every command. */
  command: string;
  exitCode: number;
  stdout: string;
  stderr: string;
  /** stdout and stderr, in the order they were written. */
  output: string;
  seconds: number;
};

/** The error for a failed `pulumi` command. Its message contains the command's whole output. */
class PulumiError extends Error {
  override readonly name = "PulumiError";
  readonly result: PulumiResult;

  constructor(result: PulumiResult) {
    super(`${result.command} failed with exit code ${result.exitCode}:\n${result.output}`);
    this.result = result;
  }
}

/** A `pulumi` command that is still running. */
export type RunningPulumi = {
  pid: number;
  /** What the command has printed so far. */
  output(): string;
  /** Kills the command and all its child processes with SIGKILL, and waits until they have ended. */
  kill(): Promise<void>;
  /** The command's result, even if it failed: this promise never rejects. */
  result: Promise<PulumiResult>;
};

export type PulumiCall = { args: string[]; hidden: string[]; cwd: string; env: NodeJS.ProcessEnv; input?: string };

/** Starts `pulumi` with `args`, followed by the arguments in `hidden`, which messages leave out. */
export function startPulumi({ args, hidden, cwd, env, input }: PulumiCall): RunningPulumi {
  const command = ["pulumi", ...args].join(" ");
  const chunks: string[] = [];
  // The user's own passphrase variable would take precedence over the stack's passphrase file.
  const variables = { ...env, PULUMI_CONFIG_PASSPHRASE: undefined };
  const child = execa("pulumi", [...args, ...hidden], {
    cwd,
    env: variables,
    input: input ?? "",
    all: true,
    reject: false,
  });
  child.all.on("data", (chunk) => chunks.push(String(chunk)));
  const pid = child.pid ?? 0;

  const result = child.then((ended) => ({
    command,
    exitCode: ended.exitCode ?? -1,
    stdout: ended.stdout,
    stderr: ended.stderr,
    output: ended.all || ended.shortMessage || "",
    seconds: ended.durationMs / 1000,
  }));
  const kill = async () => {
    await killTree(pid);
    await result;
  };
  return { pid, output: () => chunks.join(""), kill, result };
}

/** Waits for a command's result, and throws if the command failed. */
export async function succeeded(running: RunningPulumi): Promise<PulumiResult> {
  const result = await running.result;
  if (result.exitCode !== 0) throw new PulumiError(result);
  return result;
}

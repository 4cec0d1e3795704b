import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { ask } from "./ask.ts";

export type ServerProcess = AsyncDisposable & {
  child: ChildProcess;
  /** What the server has written to stdout and stderr so far. */
  log(): Promise<string>;
};

/** Starts a server as a process on this machine. */
export function startProcess(
  binary: string,
  args: readonly string[],
  logFile: string,
  env: Record<string, string>,
  openFiles?: number,
): ServerProcess {
  const log = openSync(logFile, "a");
  // `ulimit -n` sets the hard limit of open files, too: Go programs raise their soft limit to the hard one.
  const limited = openFiles === undefined ? [] : ["sh", "-c", `ulimit -n ${openFiles} && exec "$0" "$@"`];
  const [program = binary, ...rest] = [...limited, binary, ...args];
  const child = spawn(program, rest, { env: { ...process.env, ...env }, stdio: ["ignore", log, log] });
  return { child, log: () => readFile(logFile, "utf8"), [Symbol.asyncDispose]: () => stopProcess(child) };
}

/** Waits until `url` answers the question with status 200. It fails when one of the servers ends before that. */
export async function answering(url: string, question: string, servers: readonly ServerProcess[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const status = await ask({ url }, question).then((answer) => answer.status, String);
    if (status === 200) return;
    if (servers.some(({ child }) => child.exitCode !== null) || Date.now() > deadline) {
      const logs = await Promise.all(servers.map((server) => server.log()));
      throw new Error(`${url} does not serve (${status}):\n${logs.join("\n")}`);
    }
    await setTimeout(50);
  }
}

/** Kills the process with SIGKILL. It need not end cleanly, because its data is temporary. */
async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

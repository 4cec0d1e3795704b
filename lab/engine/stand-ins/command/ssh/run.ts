import { constants } from "node:os";
import type { ClientChannel } from "ssh2";
import type { Log } from "../../plugin/engine-log.ts";
import type { Output } from "../output.ts";
import type { Connection } from "./connection.ts";
import { dial } from "./dial.ts";
import { execute, type Variable } from "./session.ts";

export type RemoteRun = { connection: Connection; command: string; stdin: string; variables: Variable[] };

/** Runs one command over a connection of its own. A non-zero exit fails with the command and all it said. */
export async function runRemote(run: RemoteRun, output: Output, log: Log): Promise<void> {
  const client = await dial(run.connection, log);
  try {
    const channel = await execute(client, run.command, run.variables, log);
    const exit = ended(channel);
    channel.on("data", (bytes: Buffer) => output.take("stdout", bytes));
    channel.stderr.on("data", (bytes: Buffer) => output.take("stderr", bytes));
    // A command may end before it has read all of its input.
    channel.on("error", () => {});
    channel.end(run.stdin);
    const reason = await exit;
    if (reason !== undefined) throw output.failure(reason, run.command);
  } finally {
    client.end();
  }
}

/** Nothing where the command ended well; else why it did not, in the official plugin's words. */
function ended(channel: ClientChannel): Promise<string | undefined> {
  let reason: string | undefined = "wait: remote command exited without exit status or exit signal";
  channel.once("exit", (code: number | null, signal?: NodeJS.Signals) => {
    if (code === 0) reason = undefined;
    else if (signal === undefined) reason = `Process exited with status ${code}`;
    else
      reason = `Process exited with status ${128 + constants.signals[signal]} from signal ${signal.slice("SIG".length)}`;
  });
  return new Promise((resolve) => channel.once("close", () => resolve(reason)));
}

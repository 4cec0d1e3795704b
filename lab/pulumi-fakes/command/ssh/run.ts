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
    const { channel, ended } = await execute(client, run.command, run.variables, log);
    channel.on("data", (bytes: Buffer) => output.take("stdout", bytes));
    channel.stderr.on("data", (bytes: Buffer) => output.take("stderr", bytes));
    // A command may end before it has read all of its input.
    channel.on("error", () => {});
    channel.end(run.stdin);
    const reason = await ended;
    if (reason !== undefined) throw output.failure(reason, run.command);
  } finally {
    client.end();
  }
}

import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { expect, it, vi } from "vitest";
import { Output } from "../../../../lab/pulumi-fakes/command/output.ts";
import type { Connection } from "../../../../lab/pulumi-fakes/command/ssh/connection.ts";
import { runRemote } from "../../../../lab/pulumi-fakes/command/ssh/run.ts";
import { recordedLog } from "../../../engine/resource-calls.ts";

/** A server whose one packet says that the command has started, what it printed, and how it ended. */
class HastyClient {
  end(): void {}

  exec(_command: string, callback: (error: undefined, channel: unknown) => void): void {
    const channel = Object.assign(new PassThrough(), { stderr: new EventEmitter() });
    callback(undefined, channel);
    channel.emit("exit", 0);
    channel.on("end", () => channel.emit("close"));
  }
}

vi.mock("../../../../lab/pulumi-fakes/command/ssh/dial.ts", () => ({ dial: async () => new HastyClient() }));

it("a remote command › succeeds where its end arrives together with its start", async () => {
  const output = new Output("none", recordedLog());
  const run = { connection: {} as Connection, command: "true", stdin: "said", variables: [] };
  await expect(runRemote(run, output, recordedLog())).resolves.toBeUndefined();
  expect((await output.result()).stdout).toBe("said");
});

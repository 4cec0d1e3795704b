import { PassThrough } from "node:stream";
import {
  compareProgram,
  listProgram,
  type MovedPart,
  receiveProgram,
  sendProgram,
} from "../../hosts/moving/moving-programs.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Machine } from "../machines/machine.ts";

export type Machines = {
  old: Machine;
  next: Machine;
  /** Whose registry may be on the new host. */
  owner: Owner;
  /** Ends both connections, and what runs over them. */
  stop(): void;
};

export type Copied = { files: number; bytes: number };

/** Copies what the new host lacks of a part, deletes what is gone on the old host, and says how much was sent. */
export async function copyPart(machines: Machines, part: MovedPart): Promise<Copied> {
  const { old, owner } = machines;
  const comparison = await piped(machines, { script: listProgram(part) }, compareProgram(part, old.name, owner));
  const wanted = comparison.split("\n").filter((line) => line !== "");
  if (wanted.length === 0) return { files: 0, bytes: 0 };
  const paths = wanted.map((line) => line.slice(line.indexOf(" ") + 1));
  await piped(machines, { script: sendProgram(part), stdin: `${paths.join("\n")}\n` }, receiveProgram(part, owner));
  return { files: wanted.length, bytes: wanted.reduce((sum, line) => sum + Number.parseInt(line, 10), 0) };
}

/** Runs a program on the old host whose output is the input of a program on the new one, and returns what that prints. */
async function piped(
  { old, next, stop }: Machines,
  { script, stdin = "" }: { script: string; stdin?: string },
  to: string,
): Promise<string> {
  const stream = new PassThrough();
  let first: { error: unknown } | undefined;
  // Without an end of both connections, the other program would wait for this one forever.
  const failed = (error: unknown) => {
    first ??= { error };
    stop();
  };
  const sent = old.run(script, { stdin, stdout: stream }).catch(failed);
  const received = next.run(to, { stdin: stream }).catch(failed);
  const [, output] = await Promise.all([sent, received]);
  if (first) throw first.error;
  return output ?? "";
}

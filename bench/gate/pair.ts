import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGate } from "../../lab/gate/start-gate.ts";
import { type Row, row } from "../row.ts";
import { startAlone } from "./alone.ts";
import type { Protocol } from "./protocol.ts";

/** A gate and distribution alone, over the same protocol and the same storage. */
export type Pair = AsyncDisposable & {
  protocol: Protocol;
  gate: string;
  alone: string;
  storage: string;
  scratch: string;
};

/** With `htpasswdCost` both ask for passwords, hashed by bcrypt of that cost. */
export async function startPair(protocol: Protocol, htpasswdCost?: number): Promise<Pair> {
  const scratch = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const gate = await startGate({ tls: { kind: protocol.tls ? "files" : "none" } }, { bcryptCost: htpasswdCost });
  const { storage } = gate;
  const alone = await startAlone({ storage, tls: protocol.tls, htpasswdCost });
  return {
    protocol,
    gate: gate.url.replace("localhost", "127.0.0.1"),
    alone: alone.url,
    storage,
    scratch,
    async [Symbol.asyncDispose]() {
      await alone[Symbol.asyncDispose]();
      await gate[Symbol.asyncDispose]();
      await rm(scratch, { recursive: true });
    },
  };
}

/** Two URLs, and what the second one's server is called. */
export type Compared = Pick<Pair, "protocol" | "gate" | "alone"> & { peer?: string };

export type Comparison = {
  what: string;
  unit: string;
  rounds: number;
  /** More is better. */
  rate: (url: string) => Promise<number>;
  /** What the gate's rate must be, as a multiple. @default none: for information */
  atLeast?: number;
};

/** Measures both sides in turn, and each goes first every other time. */
export async function compare(
  { gate, alone, protocol, peer = "distribution alone" }: Compared,
  { what, unit, rounds, rate, atLeast }: Comparison,
): Promise<Row> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const first = await rate(round % 2 ? gate : alone);
    const second = await rate(round % 2 ? alone : gate);
    pairs.push(round % 2 ? [first, second] : [second, first]);
  }
  return row({ what: `${what}, ${protocol.name}`, unit, peer, pairs, atLeast });
}

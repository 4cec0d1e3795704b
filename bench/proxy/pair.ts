import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabError } from "../../lab/lab-error.ts";
import type { ServerProcess } from "../../lab/proxy/server-process.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { startDistribution } from "../peers/distribution.ts";
import { type Row, row } from "../row.ts";
import type { Protocol } from "./protocol.ts";

/** A proxy and distribution alone, over the same protocol and the same storage. */
export type Pair = AsyncDisposable & {
  protocol: Protocol;
  proxy: string;
  alone: string;
  storage: string;
  scratch: string;
  /** Process ids of the servers on both sides: Caddy and distribution beside distribution. */
  pids: { proxy: readonly number[]; alone: readonly number[] };
};

/** With `htpasswdCost` both ask for passwords, hashed by bcrypt of that cost. */
export async function startPair(protocol: Protocol, htpasswdCost?: number): Promise<Pair> {
  const scratch = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const proxy = await startProxy({ tls: { kind: protocol.tls ? "files" : "none" } }, { bcryptCost: htpasswdCost });
  const { storage } = proxy;
  const alone = await startDistribution({ storage, tls: protocol.tls, htpasswdCost });
  return {
    protocol,
    proxy: proxy.url.replace("localhost", "127.0.0.1"),
    alone: alone.url,
    storage,
    scratch,
    pids: { proxy: [proxy.server, proxy.registry].map(pid), alone: alone.servers.map(pid) },
    async [Symbol.asyncDispose]() {
      await alone[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await rm(scratch, { recursive: true });
    },
  };
}

function pid({ child }: ServerProcess): number {
  if (child.pid === undefined) throw new LabError("a server of the benchmark did not start");
  return child.pid;
}

/** Two URLs, and what the second one's server is called. */
export type Compared = Pick<Pair, "protocol" | "proxy" | "alone"> & { peer?: string };

export type Comparison = {
  what: string;
  unit: string;
  rounds: number;
  /** More is better. */
  rate: (url: string) => Promise<number>;
  /** What the proxy's rate must be, as a multiple. @default none: for information */
  atLeast?: number;
};

/** Measures both sides in turn, and each goes first every other time. */
export async function compare(
  { proxy, alone, protocol, peer = "distribution alone" }: Compared,
  { what, unit, rounds, rate, atLeast }: Comparison,
): Promise<Row> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const first = await rate(round % 2 ? proxy : alone);
    const second = await rate(round % 2 ? alone : proxy);
    pairs.push(round % 2 ? [first, second] : [second, first]);
  }
  return row({ what: `${what}, ${protocol.name}`, unit, peer, pairs, atLeast });
}

import { readFile } from "node:fs/promises";
import { type Row, row } from "../row.ts";
import type { Pair } from "./pair.ts";

const peer = "distribution alone";

/** Ticks of processor time in a second, as Linux counts in /proc on every platform that Node.js runs on. */
const ticksPerSecond = 100;

/** Memory of proxy and distribution together beside distribution alone, before either was asked for anything. Less is better. */
export async function idleMemoryRow({ protocol, pids }: Pair): Promise<Row> {
  const what = `memory before the first request, ${protocol.name}`;
  return row({ what, unit: "MiB", peer, pairs: [[await memoryMib(pids.proxy), await memoryMib(pids.alone)]] });
}

/** Processor time of proxy and distribution together for a request, beside distribution alone. Less is better. */
export async function processorTimeRow(
  { protocol, pids, proxy, alone }: Pair,
  { what, requests, load }: { what: string; requests: number; load: (url: string) => Promise<unknown> },
): Promise<Row> {
  const spent = async (url: string, of: readonly number[]) => {
    const before = await processorSeconds(of);
    for (let turn = 0; turn < 5; turn++) await load(url);
    return (((await processorSeconds(of)) - before) / (5 * requests)) * 1e6;
  };
  const pairs: [number, number][] = [];
  for (let round = 0; round < 3; round++) pairs.push([await spent(proxy, pids.proxy), await spent(alone, pids.alone)]);
  return row({ what: `processor time, ${what}, ${protocol.name}`, unit: "µs", peer, pairs });
}

async function processorSeconds(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8");
      const [user = 0, system = 0] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
        .map(Number);
      return user + system;
    }),
  );
  return sum(ticks) / ticksPerSecond;
}

async function memoryMib(pids: readonly number[]): Promise<number> {
  const kilobytes = await Promise.all(
    pids.map(async (pid) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1])),
  );
  return sum(kilobytes) / 1024;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

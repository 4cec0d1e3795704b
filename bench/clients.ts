import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { execa } from "execa";
import { say, step } from "../lab/progress.ts";
import { runClients } from "./clients/containerd-clients.ts";
import { type Contender, contenders, credentials, ours } from "./clients/contenders.ts";
import { image } from "./clients/image.ts";
import type { Peer } from "./peers/peer.ts";
import { countRow, type Row, row } from "./row.ts";

/**
 * 200 clients pull 8 GB of this image, some 20 s for each contender. A gigabyte would take 8 minutes, since servers and clients
 * share two cores.
 */
const layers = 10;
const layerBytes = 4e6;
const megabytes = (layers * layerBytes) / 1e6;
const loads = [
  { count: 50, rounds: 3 },
  { count: 200, rounds: 1 },
];
const pushes = 20;
const pushLayers = 2;
const pulled = "bench/app";

type Run = { seconds: number; slowest: number; memory: number; failures: string[] };
/** By contender, a run for each round. */
type Runs = Map<string, Run[]>;

/** Many clients at the same time, on containerd's own library: they pull one image, while others push. */
export async function clientsRows(): Promise<Row[]> {
  const content = image(
    pulled,
    Array.from({ length: layers }, () => randomBytes(layerBytes)),
  );
  await using served = await contenders(content);
  const rows: Row[] = [];
  const peaks: number[] = [];
  for (const { count, rounds } of loads) {
    const runs = await step(`${count} clients, ${rounds} rounds`, () => runAll(served.all, count, rounds));
    rows.push(...rowsOf(`${count} clients pull ${megabytes} MB`, runs));
    peaks.push(Math.max(...(runs.get(ours) ?? []).map(({ memory }) => memory)));
  }
  const [few = 0, many = 0] = peaks;
  const [first, second] = loads.map(({ count }) => `${count} clients`);
  rows.push(row({ what: `peak memory, ${second}`, unit: "MB", peer: `ours with ${first}`, pairs: [[many, few]] }));
  const cold = await step("nothing in the page cache", () => runAll(served.all, 50, 1, "cold"));
  return [...rows, ...rowsOf(`50 clients pull ${megabytes} MB, cold`, cold)];
}

async function runAll(all: readonly Contender[], count: number, rounds: number, pageCache?: "cold"): Promise<Runs> {
  const runs: Runs = new Map(all.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const contender of round % 2 ? all.toReversed() : all)
      runs.get(contender.name)?.push(await run(contender, count, pageCache));
  return runs;
}

async function run(contender: Contender, pulls: number, pageCache?: "cold"): Promise<Run> {
  await using peer = await contender.start();
  const { host } = new URL(peer.url);
  const orders = { image: `${pulled}:v1`, pushLayers, layerBytes, ...credentials(contender) };
  const at = { ...orders, host: host.replace("localhost", "127.0.0.1") };
  if (pageCache === "cold") await dropPageCache();
  else await runClients({ ...at, pulls: 1, pushes: 0 });
  const result = await runClients({ ...at, pulls, pushes: contender.readOnly ? 0 : pushes });
  for (const failure of result.failures.slice(0, 3)) say(`${contender.name}: ${failure}`);
  const { seconds, failures } = result;
  return { seconds, failures, slowest: percentile(result.pullSeconds, 0.99), memory: await peakMemory(peer) };
}

function rowsOf(what: string, runs: Runs): Row[] {
  const own = runs.get(ours) ?? [];
  const counted = failuresOf(own);
  const rows = [countRow({ what: `${what}: failures`, unit: "clients", peer: "none", counted, allowed: 0 })];
  for (const [name, theirs] of runs) {
    if (name === ours) continue;
    const failed = failuresOf(theirs);
    const peer = failed === 0 ? name : `${name} (${failed} failures)`;
    const compared = (of: string, unit: string, value: (each: Run) => number) => {
      const pairs = own.map((each, round): [number, number] => [value(each), value(theirs[round] ?? each)]);
      return row({ what: `${what}: ${of}`, unit, peer, pairs });
    };
    // Clients that failed have taken no bytes, so a time with them says nothing.
    if (counted + failed === 0)
      rows.push(
        compared("until all are done", "s", (each) => each.seconds),
        compared("99th percentile", "s", (each) => each.slowest),
      );
    rows.push(compared("peak memory", "MB", (each) => each.memory));
  }
  return rows;
}

function failuresOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { failures }) => sum + failures.length, 0);
}

/** The sum over the processes that serve, each at its own peak. */
async function peakMemory({ servers }: Peer): Promise<number> {
  const texts = await Promise.all(servers.map(({ child }) => readFile(`/proc/${child.pid}/status`, "utf8")));
  return texts.reduce((sum, text) => sum + Number(/^VmHWM:\s+(\d+) kB/m.exec(text)?.[1]) / 1000, 0);
}

/** For all of the machine, so only root may. Pages that are not on the disk yet would stay. */
async function dropPageCache(): Promise<void> {
  await execa("sync");
  await writeFile("/proc/sys/vm/drop_caches", "3");
}

function percentile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;
}

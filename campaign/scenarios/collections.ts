import { setTimeout as sleep } from "node:timers/promises";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import type { Collected } from "../../operations/collection/collected.ts";
import { Clients } from "../fire/clients.ts";
import { collector } from "../fire/collector.ts";
import { type ToolName, Tools } from "../fire/tools.ts";
import { notWhole } from "../fire/whole.ts";
import { type Bounds, type Outcome, repeat } from "../scenario.ts";

/** How long clients work before the first collection, in milliseconds: then some images are deleted already. */
const warmUp = 6000;

/** Short enough that blobs are collected; pushes of these clients take less than the wait. */
const times = ["--min-age", "1", "--wait", "5"];

/** A hold ends by itself after four seconds. Without other load it takes some tenths of a second. */
const slowestMilliseconds = 6000;

/** Collections, one after another, while clients push, mount, delete and pull. No client may notice. */
export async function collections({
  tools: named,
  ...bounds
}: Bounds & { tools: readonly ToolName[] }): Promise<Outcome> {
  await using proxy = await startProxy({ collected: true });
  const { run } = await collector(proxy);
  const clients = new Clients(proxy);
  await using tools = await Tools.prepare(proxy, named);
  const collected: Collected[] = [];

  const collecting = (async () => {
    await sleep(warmUp);
    const collect = async () => void collected.push(await run(...times));
    await repeat(bounds, collect);
    // On a busy machine, clients may have deleted nothing yet.
    while (movedBlobs(collected) === 0 && Date.now() < bounds.deadline) await collect();
  })();
  await Promise.all([clients.workUntil(collecting), tools.workUntil(collecting)]);

  const images = [...clients.images(), ...tools.images()];
  const moved = movedBlobs(collected);
  return {
    counts: {
      collections: collected.length,
      "blobs moved": moved,
      "longest hold, ms": Math.max(0, ...collected.map(({ longestHoldMilliseconds }) => longestHoldMilliseconds)),
      requests: clients.requests,
      "slowest request, ms": clients.slowest,
      ...tools.pushes(),
      "images pulled whole": images.length,
    },
    problems: [
      ...clients.errors,
      ...tools.errors,
      ...(await notWhole(proxy, images)),
      ...(moved === 0 ? ["no blob was collected"] : []),
      ...(clients.slowest > slowestMilliseconds + bounds.slowerBy ? [`a request took ${clients.slowest} ms`] : []),
    ],
  };
}

function movedBlobs(collected: readonly Collected[]): number {
  return collected.reduce((sum, collection) => sum + collection.movedBlobs, 0);
}

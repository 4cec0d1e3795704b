import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pushBlob } from "../../lab/proxy/content.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { cutDisk } from "../cut-disk.ts";
import { type AcknowledgedAt, Clients } from "../fire/clients.ts";
import { collector } from "../fire/collector.ts";
import { notWhole } from "../fire/whole.ts";
import { type Bounds, type Outcome, problemOf, repeat } from "../scenario.ts";

/** How long a write may wait after the start, in milliseconds: the four seconds of a hold, and what a busy machine adds. */
const longestWait = 8000;

/** Images acknowledged less than this before a cut are counted by themselves, in milliseconds. */
const justNow = 1000;

/**
 * Cuts the power at random moments, while collections run and clients work: starts a registry on a copy of what the disk
 * had at that moment, and pulls what clients had been told is there.
 */
export async function powerCuts(bounds: Bounds): Promise<Outcome> {
  const { random } = bounds;
  await using disk = await cutDisk(1024);
  await using proxy = await startProxy({ collected: true }, { storage: join(disk.path, "registry") });
  const { start } = await collector(proxy);
  const clients = new Clients(proxy);
  const problems: string[] = [];
  const counts = { cuts: 0, images: 0, recent: 0, moving: 0, longest: 0 };

  const cutting = (async () => {
    await sleep(4000);
    await repeat(bounds, async () => {
      const collection = start("--min-age", "1", "--wait", "1");
      const ended = collection.catch((error) => problems.push(String(error)));
      await sleep(random.between(300, 5000));
      if (existsSync(join(proxy.storage, "collection/moving"))) counts.moving++;
      const { images, result } = await clients.imagesThroughout(async () => ({
        at: Date.now(),
        copy: await disk.cut(),
      }));
      await using copy = result.copy;
      const found = await startAgain(join(copy.path, "registry"), images, bounds.slowerBy);
      problems.push(...found.problems);
      counts.images += images.length;
      counts.recent += images.filter(({ at }) => result.at - at < justNow).length;
      counts.longest = Math.max(counts.longest, found.waited);
      await ended;
      counts.cuts++;
    });
    // What was found before an error is reported with it.
  })().catch((error) => void problems.push(problemOf(error)));
  await clients.workUntil(cutting);
  return {
    counts: {
      "power cuts": counts.cuts,
      "of these while a collection moved blobs": counts.moving,
      "images pulled whole": counts.images,
      [`of these acknowledged less than ${justNow} ms before the cut`]: counts.recent,
      "longest wait of a write after the start, ms": counts.longest,
    },
    problems: [...problems, ...clients.errors],
  };
}

/** Starts as a host does, and pulls every image: at once, and after a collection that empties the trash as well. */
async function startAgain(storage: string, images: readonly AcknowledgedAt[], slowerBy: number) {
  await using proxy = await startProxy({ collected: true }, { storage });
  const { run } = await collector(proxy);
  const problems = await notWhole(proxy, images);
  await run("--finish");
  const began = Date.now();
  const { status, text } = await pushBlob(proxy, "probe", Buffer.from(`${began}`), { bearer: "jenkins" });
  const waited = Date.now() - began;
  if (status !== 201 || waited > longestWait + slowerBy)
    problems.push(`a push after the cut: ${status} after ${waited} ms ${text}`);
  await run("--min-age", "0", "--wait", "0");
  await run("--purge");
  const later = await notWhole(proxy, images);
  return { waited, problems: [...problems, ...later.map((problem) => `after a collection: ${problem}`)] };
}

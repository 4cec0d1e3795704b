import { setTimeout as sleep } from "node:timers/promises";
import { pushBlob } from "../../lab/proxy/content.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { Clients } from "../fire/clients.ts";
import { collector } from "../fire/collector.ts";
import { notWhole } from "../fire/whole.ts";
import { type Bounds, type Outcome, repeat } from "../scenario.ts";

/** How long a write may wait after a kill, in milliseconds: the four seconds of a hold, and what a busy machine adds. */
const longestWait = 8000;

const victims = ["collector", "its first process", "distribution", "Caddy"] as const;

/** Kills the collector, distribution and Caddy with SIGKILL at random moments while collections run and clients work. */
export async function kills(bounds: Bounds): Promise<Outcome> {
  const { random } = bounds;
  await using proxy = await startProxy({ collected: true });
  const { run, start } = await collector(proxy);
  const clients = new Clients(proxy, { serversDie: true });
  const counts = Object.fromEntries(victims.map((victim) => [`${victim} killed`, 0]));
  const problems: string[] = [];
  let longest = 0;

  const killing = (async () => {
    await sleep(3000);
    await repeat(bounds, async () => {
      const victim = random.oneOf(victims);
      const collection = start("--min-age", "1", "--wait", "1");
      const ended = collection.catch(() => undefined);
      await sleep(random.between(300, 5000));
      const { pid = 0, exitCode } = collection;
      if (victim === "distribution") await proxy.restart("registry");
      else if (victim === "Caddy") await proxy.restart("server");
      else if (exitCode === null) process.kill(victim === "collector" ? -pid : pid, "SIGKILL");
      counts[`${victim} killed`] = (counts[`${victim} killed`] ?? 0) + 1;

      const began = Date.now();
      const { status, text } = await pushBlob(proxy, "probe", Buffer.from(`${began}`), { bearer: "jenkins" });
      const waited = Date.now() - began;
      longest = Math.max(longest, waited);
      if (status !== 201 || waited > longestWait + bounds.slowerBy)
        problems.push(`a push after the kill of ${victim}: ${status} after ${waited} ms ${text}`);
      await ended;
    });
  })();
  await clients.workUntil(killing);
  await run("--min-age", "1", "--wait", "2");

  const images = clients.images();
  return {
    counts: {
      ...counts,
      "longest wait of a write after a kill, ms": longest,
      "slowest request, ms": clients.slowest,
      "requests interrupted": clients.interrupted,
      "images pulled whole": images.length,
    },
    problems: [
      ...problems,
      ...clients.errors,
      ...(await notWhole(proxy, images)),
      ...(clients.slowest > longestWait + bounds.slowerBy ? [`a request took ${clients.slowest} ms`] : []),
    ],
  };
}

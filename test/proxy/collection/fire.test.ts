import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { startProxy } from "../../../lab/proxy/start-proxy.ts";
import { Clients } from "./clients.ts";
import { type Collected, collector } from "./collector.ts";

/** How many collections run. COLLECTIONS asks for more. */
const rounds = Number(process.env.COLLECTIONS ?? 2);
const minutes = 60_000;

/** How long clients work before the first collection, in milliseconds: then some images are deleted already. */
const warmUp = 6000;

/** Short enough that a test sees blobs collected; pushes of these clients take less than the wait. */
const times = ["--min-age", "1", "--wait", "5"];

it(
  "fails no push and no pull, and loses nothing acknowledged, while collections run",
  async () => {
    await using proxy = await startProxy({ collected: true });
    const { run } = await collector(proxy);
    const clients = new Clients(proxy);
    const collected: Collected[] = [];

    await clients.workUntil(
      (async () => {
        await sleep(warmUp);
        for (let round = 0; round < rounds; round++) collected.push(await run(...times));
      })(),
    );

    expect(clients.errors).toEqual([]);
    expect(await clients.missing()).toEqual([]);
    expect(clients.acknowledged.size).toBeGreaterThan(5);
    expect(sum(collected, "movedBlobs")).toBeGreaterThan(0);
    // A hold ends by itself after four seconds. Without other load it takes some tenths of a second.
    expect(clients.slowest).toBeLessThan(6000);
  },
  rounds * minutes,
);

it(
  "loses nothing acknowledged when it is killed at any moment, and holds no write for longer than seconds",
  async () => {
    await using proxy = await startProxy({ collected: true });
    const { run, start } = await collector(proxy);
    const clients = new Clients(proxy);

    await clients.workUntil(
      (async () => {
        await sleep(warmUp);
        for (let round = 0; round < rounds; round++) {
          const collection = start("--min-age", "1", "--wait", "2");
          const ended = collection.catch(() => undefined);
          await sleep(randomInt(500, 9000));
          if (collection.pid !== undefined && collection.exitCode === null) process.kill(-collection.pid, "SIGKILL");
          await ended;
        }
      })(),
    );
    await run(...times);

    expect(clients.errors).toEqual([]);
    expect(await clients.missing()).toEqual([]);
    expect(clients.slowest).toBeLessThan(6000);
  },
  rounds * minutes,
);

function sum(collected: readonly Collected[], key: keyof Collected): number {
  return collected.reduce((total, each) => total + each[key], 0);
}

import { expect, it } from "vitest";
import { seeded } from "../../../campaign/random.ts";
import { collections } from "../../../campaign/scenarios/collections.ts";
import { fullDisk } from "../../../campaign/scenarios/full-disk.ts";
import { kills } from "../../../campaign/scenarios/kills.ts";
import { powerCuts } from "../../../campaign/scenarios/power-cuts.ts";
import { canMountSmallDisk } from "../../../campaign/small-disk.ts";

// `npm run campaign` runs the same for minutes.
const bounds = (count: number) => ({
  count,
  deadline: Date.now() + 60_000,
  // Three other test files are at work.
  slowerBy: 7000,
  random: seeded(Date.now()),
});
const timeout = 120_000;
const mountsDisks = await canMountSmallDisk();

it(
  "no push and no pull fails, and nothing acknowledged is lost, while collections run",
  async () => {
    const { problems, counts } = await collections({ ...bounds(2), tools: ["crane", "skopeo"] });
    expect(problems).toEqual([]);
    expect(counts["images pulled whole"]).toBeGreaterThan(5);
  },
  timeout,
);

it(
  "nothing acknowledged is lost, and no write waits for longer than seconds, when a process is killed at any moment",
  async () => {
    const { problems } = await kills(bounds(4));
    expect(problems).toEqual([]);
  },
  timeout,
);

it.skipIf(!mountsDisks)(
  "a full disk refuses pushes and serves pulls, and takes pushes again after a collection (needs root and a loop device)",
  async () => {
    const { problems, counts } = await fullDisk(bounds(1));
    expect(problems).toEqual([]);
    expect(counts["status of a refused push"]).toBe(500);
  },
  timeout,
);

it.skipIf(!mountsDisks)(
  "a registry started on what a cut of the power leaves has every acknowledged image whole (needs root and a loop device)",
  async () => {
    const { problems, counts } = await powerCuts(bounds(2));
    expect(problems).toEqual([]);
    expect(counts["images pulled whole"]).toBeGreaterThan(5);
  },
  timeout,
);

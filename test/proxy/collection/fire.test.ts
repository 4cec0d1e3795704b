import { expect, it } from "vitest";
import { seeded } from "../../../campaign/random.ts";
import { collections } from "../../../campaign/scenarios/collections.ts";
import { kills } from "../../../campaign/scenarios/kills.ts";

// `npm run campaign` runs the same for minutes.
const bounds = (count: number) => ({ count, deadline: Date.now() + 60_000, random: seeded(Date.now()) });
const timeout = 120_000;

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

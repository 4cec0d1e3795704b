import { parseArgs } from "node:util";
import { goBinary } from "../lab/go/go-build.ts";
import { crane } from "../lab/images/machine-image.ts";
import { caddy, distribution } from "../lab/images/registry-images.ts";
import { say, step } from "../lab/progress.ts";
import { seeded } from "./random.ts";
import { type Bounds, type Outcome, problemOf } from "./scenario.ts";
import { collections } from "./scenarios/collections.ts";
import { fullDisk } from "./scenarios/full-disk.ts";
import { kills } from "./scenarios/kills.ts";
import { powerCuts } from "./scenarios/power-cuts.ts";
import { summary } from "./summary.ts";

/** What runs, with how often it does what it does, unless the option of the same name says otherwise. */
const scenarios: Record<string, { count: number; run: (bounds: Bounds) => Promise<Outcome> }> = {
  collections: {
    count: 20,
    run: (bounds) => collections({ ...bounds, tools: ["crane", "skopeo", "docker", "ctr"] }),
  },
  kills: { count: 50, run: kills },
  "power-cuts": { count: 50, run: powerCuts },
  "full-disk": { count: 3, run: fullDisk },
};

/** `npm run campaign [-- SCENARIO …] [--kills 50] [--minutes 5] [--seed 1]`: the long versions of the storage's tests. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries(Object.keys(scenarios).map((name) => [name, { type: "string" as const }])),
    /** How long one scenario runs at most. */
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const unknown = positionals.filter((name) => !(name in scenarios));
if (unknown.length > 0)
  throw new Error(`no scenario ${unknown.join(", ")}; there are: ${Object.keys(scenarios).join(", ")}`);

for (const program of [caddy, distribution, crane]) await goBinary(program);
const outcomes: (Outcome & { name: string; seconds: number })[] = [];
for (const [name, { count, run }] of Object.entries(scenarios)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const began = Date.now();
  const bounds = {
    count: Number((values as Record<string, string | undefined>)[name] ?? count),
    deadline: began + Number(values.minutes) * 60_000,
    slowerBy: 0,
    random: seeded(Number(values.seed)),
  };
  const outcome = await step(`campaign: ${name}`, () => run(bounds)).catch((error) => failed(error));
  outcomes.push({ ...outcome, name, seconds: (Date.now() - began) / 1000 });
}
say(summary(outcomes));
say(`seed ${values.seed}`);
process.exitCode = outcomes.every(({ problems }) => problems.length === 0) ? 0 : 1;

function failed(error: unknown): Outcome {
  return { counts: {}, problems: [problemOf(error)] };
}

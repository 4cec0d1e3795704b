import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { step } from "../lab/progress.ts";
import { type StartedPage, startPage } from "../test/ui/support/start-page.ts";
import { type Row, row } from "./row.ts";

const many = 2000;
const rounds = 7;

type Seen = { firstPaint: number; list: number };

/** What a person waits for who opens the page of a registry with many repositories, beside that of a registry with one. */
export async function uiRows(): Promise<Row[]> {
  await using few = await pageOf(1);
  await using full = await pageOf(many);
  const pairs: [Seen, Seen][] = [];
  await step(`the page with ${many} repositories, and with one`, async () => {
    for (let round = 0; round < rounds; round++) pairs.push([await see(full), await see(few)]);
  });
  const of = (what: string, value: (seen: Seen) => number) =>
    row({
      what: `page of ${many} repositories: ${what}`,
      unit: "ms",
      peer: "page of one repository",
      pairs: pairs.map(([ours, theirs]) => [value(ours), value(theirs)]),
    });
  return [of("first paint", ({ firstPaint }) => firstPaint), of("until the list is drawn", ({ list }) => list)];
}

async function pageOf(count: number): Promise<StartedPage> {
  const started = await startPage();
  const stored = join(started.proxy.storage, "docker/registry/v2/repositories");
  for (let number = 0; number < count; number++)
    await mkdir(join(stored, `bulk/r${number}/_manifests/tags`), { recursive: true });
  return started;
}

/** In a window of its own, so that nothing comes from the browser's cache. Milliseconds since the page was asked for. */
async function see(started: StartedPage): Promise<Seen> {
  const { page } = await started.open();
  await page.getByRole("link", { name: "bulk/r0", exact: true }).waitFor();
  const list = await page.evaluate<number>("performance.now()");
  const firstPaint = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  await page.context().close();
  return { firstPaint, list };
}

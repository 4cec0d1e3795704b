import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pageFiles } from "./page.ts";
import { newestResults, published } from "./result.ts";

const docs = join(import.meta.dirname, "../../docs");

/** Writes docs/benchmarks.md and what it shows, from the newest result of each suite. Returns the suites' names. */
export async function writePage(suites: readonly string[]): Promise<string[]> {
  const results = await newestResults(suites);
  const files = pageFiles(await readFile(join(docs, "benchmarks.md"), "utf8"), results);
  await mkdir(published, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(docs, path), text);
  return results.map(({ suite }) => suite);
}

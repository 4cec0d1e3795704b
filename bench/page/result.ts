import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../../lab/exists.ts";
import type { Row } from "../row.ts";
import type { Environment } from "./environment.ts";

/** What one run of one suite measured, and where. */
export type Result = {
  suite: string;
  /** When it ended, in ISO 8601. */
  at: string;
  /** How long it took. */
  seconds: number;
  environment: Environment;
  rows: Row[];
};

const root = join(import.meta.dirname, "../..");

/** Every run on this machine; git ignores it. */
const runs = join(root, "bench-results");

/** The results that docs/benchmarks.md shows, one file a suite. */
export const published = join(root, "docs/benchmarks");

/** Stores a run's result, and returns its path. */
export async function writeResult(result: Result): Promise<string> {
  const file = join(runs, `${result.at.replaceAll(":", "-")}-${result.suite}.json`);
  await mkdir(runs, { recursive: true });
  await writeFile(file, json(result));
  return file;
}

/** The newest result of each of the suites that has one, of this machine's runs and of the published ones. */
export async function newestResults(suites: readonly string[]): Promise<Result[]> {
  const all = [...(await resultsIn(runs)), ...(await resultsIn(published))];
  return suites.flatMap((suite) => {
    const [newest] = all.filter((each) => each.suite === suite).toSorted((a, b) => b.at.localeCompare(a.at));
    return newest ?? [];
  });
}

export async function resultsIn(folder: string): Promise<Result[]> {
  const files = (await exists(folder)) ? (await readdir(folder)).filter((file) => file.endsWith(".json")) : [];
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  // Runs of earlier versions are lists of rows, which name no suite.
  return texts.map((text) => JSON.parse(text)).filter((result) => "suite" in result);
}

export function json(result: Result): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

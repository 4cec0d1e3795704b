import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { say } from "../lab/progress.ts";
import { clusterRows } from "./cluster.ts";
import { healthRows } from "./health.ts";
import { previewRows } from "./preview.ts";
import { proxyRows } from "./proxy.ts";
import type { Row } from "./row.ts";
import { storageRows } from "./storage.ts";
import { table } from "./table.ts";
import { trustRows } from "./trust.ts";

const suites: Record<string, () => Promise<Row[]>> = {
  preview: previewRows,
  proxy: proxyRows,
  trust: trustRows,
  cluster: clusterRows,
  storage: storageRows,
  health: healthRows,
};

/** `npm run bench [-- SUITE …]`: a table, and the same as JSON in bench-results/. */
const asked = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, suite] of Object.entries(suites)) {
  if (asked.length === 0 || asked.includes(name)) rows.push(...(await suite()));
}

const folder = join(import.meta.dirname, "../bench-results");
const file = join(folder, `${new Date().toISOString().replaceAll(":", "-")}.json`);
await mkdir(folder, { recursive: true });
await writeFile(file, JSON.stringify(rows, undefined, 2));
say(table(rows));
say(`\nAlso in ${file}`);
process.exitCode = rows.every(({ met }) => met) ? 0 : 1;

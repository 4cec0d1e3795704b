import { say } from "../lab/progress.ts";
import { clientsRows } from "./clients.ts";
import { clusterRows } from "./cluster.ts";
import { healthRows } from "./health.ts";
import { http2Rows } from "./http2.ts";
import { environment } from "./page/environment.ts";
import { writeResult } from "./page/result.ts";
import { writePage } from "./page/write-page.ts";
import { growthRows } from "./preview/growth.ts";
import { previewRows } from "./preview.ts";
import { proxyRows } from "./proxy.ts";
import type { Row } from "./row.ts";
import { storageRows } from "./storage.ts";
import { table } from "./table.ts";
import { trustRows } from "./trust.ts";
import { uiRows } from "./ui.ts";

const suites: Record<string, () => Promise<Row[]>> = {
  preview: previewRows,
  growth: growthRows,
  proxy: proxyRows,
  trust: trustRows,
  cluster: clusterRows,
  storage: storageRows,
  health: healthRows,
  clients: clientsRows,
  http2: http2Rows,
  ui: uiRows,
};

/**
 * `npm run bench [-- SUITE …]` prints a table for each suite, and stores it as JSON in bench-results/.
 * `npm run bench -- --plot` writes docs/benchmarks.md from the newest of them.
 */
const asked = process.argv.slice(2);
const unknown = asked.filter((each) => each !== "--plot" && !(each in suites));
if (unknown.length > 0)
  throw new Error(`no suite is called ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}`);

if (asked.includes("--plot")) {
  const shown = await writePage(Object.keys(suites));
  say(`docs/benchmarks.md shows ${shown.join(", ")}`);
} else {
  const chosen = Object.keys(suites).filter((name) => asked.length === 0 || asked.includes(name));
  let met = true;
  for (const suite of chosen) met = (await run(suite)) && met;
  process.exitCode = met ? 0 : 1;
}

/** Whether every row is as asked. */
async function run(suite: string): Promise<boolean> {
  const started = performance.now();
  const rows = (await suites[suite]?.()) ?? [];
  const seconds = (performance.now() - started) / 1000;
  const at = new Date().toISOString();
  const file = await writeResult({ suite, at, seconds, environment: await environment(), rows });
  say(`${table(rows)}\nAlso in ${file}\n`);
  return rows.every((row) => row.met);
}

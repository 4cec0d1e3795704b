import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** What `npm run check` consists of: scripts of package.json, the slowest first. */
const parts = ["check:tests", "check:types", "check:lint", "check:glossary", "check:shell", "check:unused"];

/** How many run at a time: small machines have two cores. */
const lanes = 2;

const { values } = parseArgs({
  options: {
    /** Where vitest writes its results as JSON, for who counts them. */
    results: { type: "string" },
  },
});
const waiting = [...parts];
const failed: string[] = [];
await Promise.all(Array.from({ length: lanes }, runWaiting));

console.log(`${parts.length - failed.length} of ${parts.length} checks passed`);
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}. Run one alone: npm run ${failed[0]}`);
  process.exitCode = 1;
}

async function runWaiting(): Promise<void> {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const startedAt = Date.now();
    const { ok, output } = await run(part);
    console.log(`${ok ? "✓" : "✗"} ${part} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    if (ok) continue;
    failed.push(part);
    console.log(output);
  }
}

function run(part: string): Promise<{ ok: boolean; output: string }> {
  const report = part === "check:tests" && values.results !== undefined;
  const flags = report ? ["--", "--reporter=default", "--reporter=json", `--outputFile.json=${values.results}`] : [];
  const child = spawn("npm", ["run", "--silent", part, ...flags], {
    cwd: join(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      output += data;
    });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

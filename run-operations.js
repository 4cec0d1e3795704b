// What `npm run registry` runs: operations/main.ts, by way of bundle/.
// @see docs/decisions/0023-the-program-runs-as-a-bundle.md
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { operations } from "./bundle/fresh-bundle.js";
import { loadProgram } from "./bundle/load-program.js";

const root = dirname(fileURLToPath(import.meta.url));
await loadProgram(root, (message) => process.stderr.write(`warning: ${message}\n`), operations);

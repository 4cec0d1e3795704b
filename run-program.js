// What Pulumi runs, as Pulumi.yaml has it: index.ts, by way of bundle/.
// @see docs/decisions/0023-the-program-runs-as-a-bundle.md
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import log from "@pulumi/pulumi/log/index.js";
import { loadProgram } from "./bundle/load-program.js";

const root = dirname(fileURLToPath(import.meta.url));
const { default: outputs } = await loadProgram(root, (message) => log.warn(message));

export default outputs;

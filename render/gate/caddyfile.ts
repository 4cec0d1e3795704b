import { answers } from "./answers.ts";
import { type Gate, gateFiles } from "./gate.ts";
import { registryApi } from "./registry-api.ts";
import { rights } from "./rights.ts";
import { serving } from "./serving.ts";
import { globalOptions, sites } from "./sites.ts";

/** The Caddyfile of the gate. Nothing in it is secret: it imports the hashes and tokens. */
export function caddyfile(gate: Gate): string {
  return [
    globalOptions(gate),
    `import ${gateFiles.accounts}`,
    rights(gate),
    serving(gate),
    registryApi(gate),
    answers(),
    sites(gate),
  ].join("\n\n");
}

import { answers } from "./answers.ts";
import { endpoints } from "./endpoints.ts";
import { type Gate, gateFiles } from "./gate.ts";
import { repositoryRequests } from "./repository.ts";
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
    repositoryRequests(gate),
    endpoints(gate),
    answers(),
    gateSnippet,
    sites(gate),
  ].join("\n\n");
}

// In a route, where order holds: beside one, Caddy sorts an abort behind it.
const gateSnippet = `(gate) {
	route {
		import allowed
		import repository
		route {
			import healthz
			import token
			import ping
			import catalogue
			error 404
		}
	}
	import answers
}`;

import { answers } from "./answers.ts";
import { endpoints } from "./endpoints.ts";
import { type Gate, gateFiles } from "./gate.ts";
import { bodyLimits } from "./limits.ts";
import { passwordCheck, passwordsSite } from "./passwords.ts";
import { repositoryRequests } from "./repository.ts";
import { rights } from "./rights.ts";
import { forwarded } from "./scheme.ts";
import { serving } from "./serving.ts";
import { globalOptions, sites } from "./sites.ts";
import { ui } from "./ui.ts";

/** The Caddyfile of the gate. Nothing in it is secret: it imports the hashes and tokens. */
export function caddyfile(gate: Gate): string {
  return [
    globalOptions(gate),
    `import ${gateFiles.accounts}`,
    gate.rightsFile === undefined ? rights(gate) : `import ${gate.rightsFile}`,
    passwordCheck,
    passwordsSite,
    bodyLimits,
    serving(gate),
    repositoryRequests(gate),
    endpoints(gate),
    ...(gate.ui ? [ui(gate.ui, gate.host)] : []),
    answers(gate),
    gateSnippet(gate),
    sites(gate),
  ].join("\n\n");
}

// In a route, where order holds: beside one, Caddy sorts an abort behind it.
function gateSnippet(gate: Gate): string {
  return `(gate) {
	route {
${forwarded(gate)}		import allowed
		import bodies
		import repository
		route {
			import healthz
			import token
			import ping
			import catalogue
${gate.ui ? "\t\t\timport ui\n" : ""}			error 404
		}
	}
	import answers
}`;
}

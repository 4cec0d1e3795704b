import { answers } from "./answers.ts";
import { endpoints } from "./endpoints.ts";
import { bodyLimits } from "./limits.ts";
import { passwordCheck, passwordsSite } from "./passwords.ts";
import { type ProxyConfig, proxyFiles } from "./proxy-config.ts";
import { repositoryRequests } from "./repository.ts";
import { rights } from "./rights.ts";
import { forwarded } from "./scheme.ts";
import { serving } from "./serving.ts";
import { globalOptions, sites } from "./sites.ts";
import { ui } from "./ui.ts";

/** The Caddyfile of the proxy. Nothing in it is secret: it imports the hashes and tokens. */
export function caddyfile(proxy: ProxyConfig): string {
  return [
    globalOptions(proxy),
    `import ${proxyFiles.accounts}`,
    proxy.rightsFile === undefined ? rights(proxy) : `import ${proxy.rightsFile}`,
    passwordCheck,
    passwordsSite,
    bodyLimits,
    serving(proxy),
    repositoryRequests(proxy),
    endpoints(proxy),
    ...(proxy.ui ? [ui(proxy.ui, proxy.host)] : []),
    answers(proxy),
    proxySnippet(proxy),
    sites(proxy),
  ].join("\n\n");
}

// In a route, where order holds: beside one, Caddy sorts an abort behind it.
function proxySnippet(proxy: ProxyConfig): string {
  return `(proxy) {
	route {
${forwarded(proxy)}		import allowed
		import bodies
		import repository
		route {
			import healthz
			import token
			import ping
			import catalogue
${proxy.ui ? "\t\t\timport ui\n" : ""}			error 404
		}
	}
	import answers
}`;
}

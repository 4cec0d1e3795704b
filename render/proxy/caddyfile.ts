import { type Block, block, caddyText, paragraphs, when } from "../caddy/block.ts";
import { accessLogs } from "./access-logs.ts";
import { answers } from "./answers.ts";
import { snippets } from "./caddy-names.ts";
import { endpoints } from "./endpoints.ts";
import { hold } from "./hold.ts";
import { immutableTagSites } from "./immutable-tags.ts";
import { bodyLimits } from "./limits.ts";
import { metrics } from "./metrics.ts";
import { passwordCheck, passwordsSite } from "./passwords.ts";
import { type ProxyConfig, proxyFiles } from "./proxy-config.ts";
import { repositoryRequests } from "./repository.ts";
import { rights } from "./rights.ts";
import { forwarded } from "./scheme.ts";
import { serving } from "./serving.ts";
import { allowedClients, globalOptions, sites } from "./sites.ts";
import { ui } from "./ui.ts";

/** The Caddyfile of the proxy. It has no secrets: hashes and tokens are in a file that it imports. */
export function caddyfile(proxy: ProxyConfig): string {
  return caddyText(
    paragraphs(
      [globalOptions(proxy)],
      [`import ${proxyFiles.accounts}`],
      proxy.rightsFile === undefined ? rights(proxy) : [`import ${proxy.rightsFile}`],
      hold,
      [passwordCheck],
      [passwordsSite],
      bodyLimits,
      serving(proxy),
      [repositoryRequests(proxy)],
      endpoints(proxy),
      proxy.ui ? [ui(proxy.ui, proxy.host)] : [],
      proxy.metrics ? [metrics(proxy.metrics)] : [],
      [answers(proxy)],
      immutableTagSites(proxy),
      [proxySnippet(proxy)],
      [accessLogs(proxy)],
      [allowedClients(proxy.allowFrom)],
      sites(proxy),
    ),
  );
}

// The directives are inside `route`, which keeps their order. Otherwise Caddy would sort `abort` behind the other ones.
function proxySnippet(proxy: ProxyConfig): Block {
  return block(`(${snippets.proxy})`, [
    block("route", [
      ...forwarded(proxy),
      "import allowed",
      // Before a request waits, since what limits a body's size does not see the body's reader after `handle_response`.
      "import bodies",
      "import hold",
      "import repository",
      block("route", [
        "import healthz",
        "import token",
        "import ping",
        "import catalogue",
        ...when(proxy.ui !== undefined, "import ui"),
        ...when(proxy.metrics !== undefined, "import metrics"),
        "error 404",
      ]),
    ]),
    "import answers",
  ]);
}

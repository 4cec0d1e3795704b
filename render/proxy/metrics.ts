import { basename, dirname } from "node:path";
import { type Block, block, type Line, when } from "../caddy/block.ts";
import { type ProxyMetrics, proxyFiles } from "./proxy-config.ts";

/**
 * The snippet for metrics, which one account may read. Prometheus asks every few seconds, so these requests are not
 * logged.
 */
export function metrics({ account, registry, ofHost }: ProxyMetrics): Block {
  return block("(metrics)", [
    block("route /metrics/*", [
      "@other not method GET",
      "header @other Allow GET",
      "error @other 405",
      "import who",
      `@outside not vars {http.auth.user.id} ${account}`,
      "error @outside 403",
      block("route /metrics/proxy", ["log_skip", "metrics"]),
      block("route /metrics/registry", [
        "log_skip",
        "request_header -Authorization",
        "rewrite /metrics",
        `reverse_proxy ${registry}`,
      ]),
      file("/metrics/stack", proxyFiles.stackMetrics),
      ...when(ofHost, file("/metrics/host", proxyFiles.hostMetrics)),
      "error 404",
    ]),
  ]);
}

function file(path: string, served: string): Line {
  return block(`route ${path}`, [
    "log_skip",
    `rewrite /${basename(served)}`,
    'header Content-Type "text/plain; version=0.0.4; charset=utf-8"',
    `header Cache-Control no-store`,
    block("file_server", [`root ${dirname(served)}`]),
  ]);
}

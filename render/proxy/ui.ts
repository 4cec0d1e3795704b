import { type Block, block, type Line } from "../caddy/block.ts";
import type { ProxyUi } from "./proxy-config.ts";

/**
 * The snippet that serves the UI below `/ui/`. Its files need no credentials, since all that the UI shows comes from
 * the registry's API. `host` is the registry's name in images, `HOST[:PORT]`.
 */
export function ui(ui: ProxyUi, host: string, prefix = "/ui"): Block {
  return block("(ui)", [
    `redir ${prefix} ${prefix}/`,
    block(`route ${prefix}/*`, [
      "@other not method GET HEAD",
      'header @other Allow "GET, HEAD"',
      "error @other 405",
      block("header", [
        `Content-Security-Policy "${policy[ui.kind]}"`,
        "Referrer-Policy no-referrer",
        "X-Content-Type-Options nosniff",
      ]),
      ...(ui.kind === "files" ? files(ui.root, host, prefix) : proxied(ui.upstream, prefix)),
    ]),
  ]);
}

const nothingElse = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const policy = {
  files: `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; ${nothingElse}`,
  // joxit writes its styles into the document.
  proxied: `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; ${nothingElse}`,
} satisfies Record<ProxyUi["kind"], string>;

function files(root: string, host: string, prefix: string): Line[] {
  return [
    "# The files' names stay when their content changes.",
    "header Cache-Control no-cache",
    block(`route ${prefix}/config.json`, [
      "header Content-Type application/json",
      `respond \`${JSON.stringify({ host })}\``,
    ]),
    "encode zstd gzip",
    `uri strip_prefix ${prefix}`,
    block("file_server", [`root ${root}`]),
  ];
}

function proxied(upstream: string, prefix: string): Line[] {
  return ["request_header -Authorization", `uri strip_prefix ${prefix}`, `reverse_proxy ${upstream}`];
}

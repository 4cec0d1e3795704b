import { block, type Line, when } from "../caddy/block.ts";
import { connectAgain, requestUpstream } from "./upstream.ts";

/** What the proxy is about to send from a file of the storage. */
type Opening = "blob" | "manifest";

/** The headers of a blob that are set before its file is opened: its ETag decides whether the client has it already. */
const blobHeaders = [
  "Cache-Control",
  "Content-Type",
  "Docker-Content-Digest",
  "Docker-Distribution-Api-Version",
  "Etag",
];

/**
 * The file server with the given options. An error of it is no answer for clients: at the limit of open files Caddy
 * answers 400 or 503, although the same request waits and succeeds when distribution answers it. See `unopenedFiles`.
 */
export function fileServer(opening: Opening, options: readonly Line[], passThrough: boolean): Line[] {
  return [
    `vars opening ${opening}`,
    block("file_server", [...options, ...when(passThrough, "pass_thru")]),
    ...when(passThrough, 'vars opening ""'),
  ];
}

/** Directives for errors: distribution answers requests whose file the proxy could not open. */
export function unopenedFiles(upstream: string): Line[] {
  const withoutThem = blobHeaders.map((name) => `header_down -${name}`);
  return [
    "@unopened vars opening blob manifest",
    block("route @unopened", [
      "rewrite {http.request.orig_uri}",
      "# The headers of the blob are set already. If distribution fails, too, caches must not store that as the blob.",
      "header Cache-Control no-store",
      "header -Retry-After",
      "@blob vars opening blob",
      block("route @blob", requestUpstream(upstream, { options: [...connectAgain, ...withoutThem], transport: [] })),
      "import upstream",
    ]),
    "",
  ];
}

import { type Block, block, type Line, paragraphs } from "../caddy/block.ts";
import type { ProxyConfig } from "./proxy-config.ts";

/**
 * The snippets that answer permitted requests: the proxy serves blobs from the storage's files, distribution all the
 * rest.
 */
export function serving({ upstream, storageRoot }: ProxyConfig): readonly Line[] {
  return paragraphs([requestUpstream(upstream)], [compressed], [serve(storageRoot)]);
}

function requestUpstream(upstream: string): Block {
  return block("(upstream)", [
    "request_header -Authorization",
    block(`reverse_proxy ${upstream}`, [
      block("transport http", ["compression off", "keepalive_idle_conns_per_host 64"]),
      "# distribution has no JSON for a path it does not know.",
      block("@unknown", ["status 404", "header Content-Type text/plain*"]),
      block("handle_response @unknown", ["error 404"]),
      "# Its own words may name the storage's path or address.",
      "@failed status 5xx",
      block("handle_response @failed", ['error "the registry failed" {rp.status_code}']),
    ]),
  ]);
}

const compressed = block("(compressed)", [
  "@get method GET",
  block("encode @get zstd gzip", ["minimum_length 8192", "match header Content-Type application/*"]),
]);

function serve(storageRoot: string | undefined): Block {
  const blobs = storageRoot === undefined ? [] : blobFiles(`${storageRoot}/docker/registry/v2`);
  return block("(serve)", [
    "@blob vars {re.v2.endpoint} blobs",
    block("route @blob", [...blobs, "import upstream"]),
    "# Clients hold a manifest against its length and its digest: it stays as it was pushed.",
    "@tags vars {re.v2.endpoint} tags",
    block("route @tags", ["import compressed", "import upstream"]),
    "import upstream",
  ]);
}

// Each matcher has a route of its own. Caddy evaluates the matchers of one set in random order, so with a single set
// every request could read the disk.
function blobFiles(root: string): Line[] {
  return [
    "@digest vars_regexp digest {re.v2.reference} ^sha256:(([0-9a-f]{2})[0-9a-f]{62})$",
    block("route @digest", [
      block("@linked file", [
        `root ${root}/repositories`,
        "try_files /{re.v2.repository}/_layers/sha256/{re.digest.1}/link",
      ]),
      block("route @linked", [
        block("@stored file", [`root ${root}/blobs/sha256`, "try_files /{re.digest.2}/{re.digest.1}/data"]),
        block("route @stored", [
          "rewrite {http.matchers.file.relative}",
          block("header", [
            "Cache-Control max-age=31536000",
            "Content-Type application/octet-stream",
            "Docker-Content-Digest {re.v2.reference}",
            "Docker-Distribution-Api-Version registry/2.0",
            'Etag `"{re.v2.reference}"`',
          ]),
          block("file_server", [`root ${root}/blobs/sha256`]),
        ]),
      ]),
    ]),
  ];
}

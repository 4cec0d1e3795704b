import { type Block, block, type Line, paragraphs } from "../caddy/block.ts";
import { collectionFolder, heldWrites, trashedBlob, unknownCandidate } from "./collection.ts";
import { manifestFiles } from "./manifest-files.ts";
import type { ProxyConfig } from "./proxy-config.ts";
import { fileServer } from "./unopened-files.ts";
import { connectAgain, requestUpstream } from "./upstream.ts";

/**
 * The snippets that answer permitted requests: the proxy serves blobs and manifests from the storage's files, distribution
 * all the rest.
 */
export function serving(proxy: ProxyConfig): readonly Line[] {
  const { upstream } = proxy;
  const collection = collectionFolder(proxy);
  return paragraphs(
    [
      block(
        "(upstream)",
        requestUpstream(upstream, { options: connectAgain, transport: ["keepalive_idle_conns_per_host 64"] }),
      ),
    ],
    collection === undefined ? [] : heldWrites(upstream, collection),
    [compressed],
    [serve(proxy.storageRoot, collection)],
  );
}

const compressed = block("(compressed)", [
  "@get method GET",
  block("encode @get zstd gzip", ["minimum_length 8192", "match header Content-Type application/*"]),
]);

function serve(storageRoot: string | undefined, collection: string | undefined): Block {
  const root = storageRoot === undefined ? undefined : `${storageRoot}/docker/registry/v2`;
  const blobs = root === undefined ? [] : blobFiles(root, collection);
  return block("(serve)", [
    "@blob vars {re.v2.endpoint} blobs",
    block("route @blob", [...blobs, "import upstream"]),
    ...(root === undefined ? [] : manifestFiles(root)),
    "# Clients hold a manifest against its length and its digest: it stays as it was pushed.",
    "@tags vars {re.v2.endpoint} tags",
    block("route @tags", ["import compressed", "import upstream"]),
    "import upstream",
  ]);
}

// Each matcher has a route of its own. Caddy evaluates the matchers of one set in random order, so with a single set
// every request could read the disk.
function blobFiles(root: string, collection: string | undefined): Line[] {
  return [
    "@digest vars_regexp digest {re.v2.reference} ^sha256:(([0-9a-f]{2})[0-9a-f]{62})$",
    block("route @digest", [
      ...(collection === undefined ? [] : unknownCandidate(collection)),
      block("@linked file", [
        `root ${root}/repositories`,
        "try_files /{re.v2.repository}/_layers/sha256/{re.digest.1}/link",
      ]),
      block("route @linked", [
        ...blobFile("stored", { root: `${root}/blobs/sha256`, path: "/{re.digest.2}/{re.digest.1}/data" }, collection),
        ...(collection === undefined ? [] : trashedFile(collection)),
      ]),
    ]),
  ];
}

// A download of what was collected goes on, but HEAD has to say that the blob is missing: clients then upload it.
function trashedFile(collection: string): Line[] {
  return ["@get method GET", block("route @get", blobFile("trashed", trashedBlob(collection)))];
}

// Where garbage is collected, a blob may be moved between the matcher and the file server, which then passes on.
function blobFile(name: string, { root, path }: { root: string; path: string }, collection?: string): Line[] {
  return [
    block(`@${name} file`, [`root ${root}`, `try_files ${path}`]),
    block(`route @${name}`, [
      "rewrite {http.matchers.file.relative}",
      block("header", [
        "Cache-Control max-age=31536000",
        "Content-Type application/octet-stream",
        "Docker-Content-Digest {re.v2.reference}",
        "Docker-Distribution-Api-Version registry/2.0",
        'Etag `"{re.v2.reference}"`',
      ]),
      ...fileServer("blob", [`root ${root}`], collection !== undefined),
    ]),
  ];
}

import { type Block, block, type Line } from "../caddy/block.ts";
import { snippets } from "./caddy-names.ts";
import { proxyFiles } from "./proxy-config.ts";
import { connectAgain } from "./upstream.ts";

/** The names of the proxy's own sites. Clients cannot reach them, since they listen only on a Unix socket. */
const sites = { queue: "immutable-tags", turn: "immutable-tag-in-turn", digests: "immutable-digests" };

/** Media types of every manifest. distribution answers 404 for a manifest that the client does not accept. */
const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** A site of the proxy's own, by its name and directives. */
export function ownSite(name: keyof typeof sites, lines: readonly Line[]): Block {
  return block(`http://${sites[name]}`, [
    `bind unix/${proxyFiles.immutableTagsSocket}`,
    block("route", lines),
    "import answers",
  ]);
}

function toSite(name: keyof typeof sites, lines: readonly Line[], limit: readonly Line[] = []): Block {
  return block(`reverse_proxy unix/${proxyFiles.immutableTagsSocket}`, [
    `header_up Host ${sites[name]}`,
    ...connectAgain,
    ...lines,
    block("transport http", ["compression off", "keepalive off", ...limit]),
  ]);
}

/** Passes a write on to the queue. */
export const immutableTagQueue = toSite("queue", []);

/**
 * The site that passes writes on one after another, from all listeners. It reads each manifest whole before, so that a
 * slow client does not make others wait.
 */
export const queueSite = ownSite("queue", [toSite("turn", ["request_buffers 5MiB"], ["max_conns_per_host 1"])]);

/** The site that decides about one write, and sends it to the registry by the directive `write`. */
export function turnSite(upstream: string, seesStorage: boolean, write: Line): Block {
  return ownSite("turn", [
    "@reference path_regexp v2 ^/v2/(?P<repository>.+)/(?P<endpoint>manifests)/(?P<reference>[^/]+)$",
    block("route @reference", [
      "@push method PUT",
      block("route @push", [askForTag(upstream, write)]),
      ...(seesStorage ? ["@delete method DELETE", block("route @delete", [askAboutDigest(write)])] : []),
    ]),
    "error 404",
  ]);
}

// The proxy cannot tell the digest of a body. So a manifest for a tag that exists is pushed by the digest of that
// tag: distribution refuses it with status 400 if it has another.
function askForTag(upstream: string, write: Line): Block {
  return block(`reverse_proxy ${upstream}`, [
    "method HEAD",
    `header_up Accept "${manifestTypes.join(", ")}"`,
    "header_up -If-None-Match",
    ...connectAgain,
    "@free status 404",
    block("handle_response @free", [write]),
    "@taken status 200",
    block("handle_response @taken", [
      "rewrite /v2/{re.v2.repository}/manifests/{rp.header.Docker-Content-Digest}",
      block("intercept", [
        "@other status 400",
        block("handle_response @other", [
          refuse(
            "the tag {re.v2.repository}:{re.v2.reference} is immutable and names another manifest; push another tag",
          ),
        ]),
      ]),
      write,
    ]),
    block("handle_response", ['error "the registry failed" 503']),
  ]);
}

const askAboutDigest = (write: Line) =>
  toSite("digests", [
    "method GET",
    "@needed status 403",
    block("handle_response @needed", [
      refuse("an immutable tag of {re.v2.repository} needs {re.v2.reference}, which cannot be deleted"),
    ]),
    "@free status 200",
    block("handle_response @free", [write]),
    block("handle_response", ['error "the registry failed" 503']),
  ]);

/** Refuses a write. The message may have placeholders. */
export function refuse(message: string): Line {
  return `import immutable-denied "${message}"`;
}

/** The answer to a write that is refused. Docker does not retry after this status and code, and shows the message. */
export const denied = block("(immutable-denied)", [
  `import ${snippets.shortDeadline}`,
  block("header", [
    "-Content-Length",
    "-Docker-Content-Digest",
    "-Etag",
    "Content-Type application/json",
    "Docker-Distribution-Api-Version registry/2.0",
  ]),
  'respond `{"errors":[{"code":"DENIED","message":"{args[0]}"}]}` 403',
]);

import { type Block, block, type Line } from "../caddy/block.ts";
import { snippets } from "./caddy-names.ts";
import { collectionFolder, unmountedCandidate, writing } from "./collection.ts";
import { immutableTagCheck } from "./immutable-tags.ts";
import type { ProxyConfig } from "./proxy-config.ts";
import { readOnlyAnswer } from "./read-only.ts";

/** A repository name as the OCI distribution specification has it. */
const repositoryPattern = "[a-z0-9]+(?:(?:[/._]|__|-+)[a-z0-9]+)*";

// What follows the name has no slash, so that the proxy and the registry split a path in the same way.
const requestPattern = `^/v2/(?P<repository>${repositoryPattern})/(?P<endpoint>manifests|blobs/uploads|blobs|tags|referrers)/(?P<reference>\\w[\\w.+:=-]*)?(?:\\?.*)?$`;

/** The snippet for requests to a repository: it checks the right that each request needs. */
export function repositoryRequests(proxy: ProxyConfig): Block {
  return block("(repository)", [
    "# Matched as the client sent it: no escapes, no empty or dotted segments get any further.",
    `@repository vars_regexp v2 {http.request.orig_uri} \`${requestPattern}\``,
    block("route @repository", proxy.requiresAuthForPull ? closedReads(proxy) : openReads(proxy)),
  ]);
}

function openReads(proxy: ProxyConfig): Line[] {
  return [...reads, "", block("route", [...authorised, "", ...writes(proxy)])];
}

function closedReads(proxy: ProxyConfig): Line[] {
  return [...authorised, "", ...reads, "", ...writes(proxy)];
}

function writes(proxy: ProxyConfig): readonly Line[] {
  return proxy.readOnly ? readOnlyAnswer : [...immutableTagCheck(proxy), ...mount(proxy), writing(proxy)];
}

const reads: readonly Line[] = [
  block("@read", ["method GET HEAD", "vars {re.v2.endpoint} manifests blobs tags referrers"]),
  block("route @read", ["import serve"]),
];

const authorised: readonly Line[] = [
  block('map "{method} {re.v2.endpoint}" {right}', [
    '"GET manifests" pull',
    '"HEAD manifests" pull',
    '"PUT manifests" push',
    '"DELETE manifests" delete',
    '"GET blobs" pull',
    '"HEAD blobs" pull',
    '"DELETE blobs" delete',
    '"GET tags" pull',
    '"GET referrers" pull',
    '"POST blobs/uploads" push',
    '"GET blobs/uploads" push',
    '"HEAD blobs/uploads" push',
    '"PATCH blobs/uploads" push',
    '"PUT blobs/uploads" push',
    '"DELETE blobs/uploads" push',
    'default ""',
  ]),
  '@unsupported vars {right} ""',
  block("route @unsupported", [
    block("map {re.v2.endpoint} {methods}", [
      'manifests "GET, HEAD, PUT, DELETE"',
      'blobs "GET, HEAD, DELETE"',
      'blobs/uploads "GET, HEAD, POST, PATCH, PUT, DELETE"',
      "default GET",
    ]),
    "header Allow {methods}",
    "error 405",
  ]),
  "",
  "import who",
  "import granted {right} {re.v2.repository} {granted}",
  "@outside not vars {granted} yes",
  "error @outside 403",
  `import ${snippets.transferDeadline}`,
];

// For a blob mount, the proxy checks the query's `from` parameter. distribution prefers parameters in a form body to
// those in the query, and uses the first of two values. So the proxy removes the body's type and rewrites the query,
// and distribution cannot read another `from` than the checked one.
function mount(proxy: ProxyConfig): Line[] {
  return [
    "@start method POST",
    block("route @start", [
      "request_header -Content-Type",
      `@mount vars_regexp from {http.request.uri.query.from} ^${repositoryPattern}$`,
      block("route @mount", proxy.requiresAuthForPull ? mountOfReadable(proxy) : mountOfAny(proxy)),
      "rewrite ?",
      writing(proxy),
    ]),
  ];
}

function mountOfAny(proxy: ProxyConfig): Line[] {
  const collection = collectionFolder(proxy);
  return [
    ...(collection === undefined ? [] : unmountedCandidate(collection)),
    "rewrite ?mount={http.request.uri.query.mount}&from={re.from.0}",
    writing(proxy),
  ];
}

function mountOfReadable(proxy: ProxyConfig): Line[] {
  return [
    "import granted pull {re.from.0} {readable}",
    "@readable vars {readable} yes",
    block("route @readable", mountOfAny(proxy)),
  ];
}

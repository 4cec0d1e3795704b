import { type Block, block, type Line, paragraphs, when } from "../caddy/block.ts";
import { writing } from "./collection.ts";
import { globPattern, tagGlobPattern } from "./globs.ts";
import { immutableDigestsSite } from "./immutable-digests.ts";
import { denied, immutableTagQueue, queueSite, refuse, turnSite } from "./immutable-tag-sites.ts";
import type { ImmutableTagGlobs, ProxyConfig } from "./proxy-config.ts";

/** A manifest has at most this size in distribution. The proxy holds it in memory until its turn. */
const largestManifest = "4MiB";

/** Directives before a write, where a stack has immutable tags. */
export function immutableTagCheck({ immutableTags = [] }: ProxyConfig): readonly Line[] {
  return when(immutableTags.length > 0, "import immutable-tags", "");
}

/**
 * The snippet that finds the writes that concern immutable tags, and the proxy's own sites that decide about them.
 *
 * distribution cannot write a tag on the condition that it is new. So these writes pass through a single connection
 * to a site that asks for the tag first.
 */
export function immutableTagSites(proxy: ProxyConfig): readonly Line[] {
  const { immutableTags = [], storageRoot, upstream } = proxy;
  if (immutableTags.length === 0) return [];
  return paragraphs(
    [findWrites(immutableTags, storageRoot !== undefined)],
    [denied],
    [queueSite],
    [turnSite(upstream, storageRoot !== undefined, writing(proxy))],
    storageRoot === undefined ? [] : [immutableDigestsSite(immutableTags, storageRoot)],
  );
}

function findWrites(immutableTags: readonly ImmutableTagGlobs[], seesStorage: boolean): Block {
  const digestMessage = "{re.v2.repository} has immutable tags that may need this manifest; delete tags instead";
  return block("(immutable-tags)", [
    block('map "{method} {re.v2.endpoint} {re.v2.repository} {re.v2.reference}" {immutable}', [
      ...immutableTags.flatMap(writes),
      'default ""',
    ]),
    ...refuseAll("tag", "the tag {re.v2.repository}:{re.v2.reference} is immutable and cannot be deleted"),
    ...refuseAll("blob", "{re.v2.repository} has immutable tags that may need this blob; delete manifests instead"),
    ...(seesStorage ? [] : refuseAll("digest", digestMessage)),
    `@in-turn vars {immutable} push${seesStorage ? " digest" : ""}`,
    block("route @in-turn", [
      block("request_body", [`max_size ${largestManifest}`]),
      "request_header -Authorization",
      "# A later distribution may take more tags from the query.",
      "rewrite ?",
      immutableTagQueue,
    ]),
  ]);
}

// A space ends the repository, so that its pattern cannot reach into a digest.
function writes({ repository, tag }: ImmutableTagGlobs): string[] {
  const name = globPattern(repository);
  return [
    `"~^PUT manifests ${name} ${tagGlobPattern(tag)}$" push`,
    `"~^DELETE manifests ${name} ${tagGlobPattern(tag)}$" tag`,
    `"~^DELETE manifests ${name} [^ ]+:[^ ]+$" digest`,
    `"~^DELETE blobs ${name} [^ ]+$" blob`,
  ];
}

function refuseAll(what: string, message: string): Line[] {
  return [`@immutable-${what} vars {immutable} ${what}`, block(`route @immutable-${what}`, [refuse(message)])];
}

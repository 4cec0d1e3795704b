import type { Digest } from "./contents.ts";

/**
 * The digest of the manifest that a tag's name says it belongs to; undefined for other tags. `sha256-HEX` lists a
 * manifest's referrers where a registry has no referrers API; cosign adds `.sig`, `.att` or `.sbom` to it.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
 */
export function subjectOfTag(tag: string): Digest | undefined {
  const [, hex] = /^sha256-([0-9a-f]{64})(?:\.[\w.-]+)?$/.exec(tag) ?? [];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

/** The tag that lists a manifest's referrers where a registry has no referrers API. */
export function fallbackTag(digest: Digest): string {
  return digest.replace(":", "-");
}

import { shellWord } from "../../../hosts/shell.ts";
import type { Digest } from "../../contents/contents.ts";

/** The manifests of one repository as the files of distribution's storage have them. */
export type StoredManifests = {
  /** When each was last pushed: distribution writes its link again with each push. */
  pushed: ReadonlyMap<Digest, Date>;
  /** What the tags name. */
  tagged: ReadonlySet<Digest>;
};

/**
 * A shell program that lists the manifests of a storage: of one repository and those below it, or of all. GNU's and
 * BusyBox's programs can run it. A file may be deleted while it looks, so a program that misses one is no failure.
 */
export function listingScript(storage: string, repository = "."): string {
  return `cd ${shellWord(`${storage}/docker/registry/v2/repositories/${repository}`)} 2>/dev/null || exit 0
manifests() { find . \\( -name _layers -o -name _uploads -o -path '*/_manifests/tags/*/index' \\) -prune -o -path "$@"; }
{
  manifests '*/_manifests/revisions/sha256/*/link' -exec stat -c '%Y %n' {} +
  manifests '*/_manifests/tags/*/current/link' -exec grep -H sha256 {} +
} 2>/dev/null || :
`;
}

const revision = /^(\d+) \.\/(?:(.+)\/)?_manifests\/revisions\/sha256\/([0-9a-f]{64})\/link$/;
const tag = /^\.\/(?:(.+)\/)?_manifests\/tags\/[^/]+\/current\/link:(sha256:[0-9a-f]{64})$/;

/** Reads what the script prints; repositories are named from the folder that it looked in, which itself is "". */
export function storedManifests(text: string): Map<string, StoredManifests> {
  const found = new Map<string, { pushed: Map<Digest, Date>; tagged: Set<Digest> }>();
  const at = (name: string) => {
    const repository = found.get(name) ?? { pushed: new Map(), tagged: new Set() };
    found.set(name, repository);
    return repository;
  };
  for (const line of text.split("\n")) {
    const [, seconds, name = "", hex] = revision.exec(line) ?? [];
    if (hex !== undefined) at(name).pushed.set(`sha256:${hex}`, new Date(Number(seconds) * 1000));
    const [, tagsOf = "", digest] = tag.exec(line) ?? [];
    if (digest !== undefined) at(tagsOf).tagged.add(digest);
  }
  return found;
}

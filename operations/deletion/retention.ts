import type { RetentionRule } from "../../settings/retention.ts";
import type { Digest, Repository, Tag } from "../contents/contents.ts";
import { tagMatches } from "../contents/globs.ts";
import { subjectOfTag } from "../contents/referrer-tag.ts";

/** What stays of a repository's tags, as in a retention rule. Without any field nothing stays. */
export type Keep = Pick<RetentionRule, "keepLast" | "keepDays" | "keepTags">;

/** Why each tag stays, by tag; those without an entry go. */
export type KeptTags = ReadonlyMap<string, string>;

/**
 * Decides which of these tags stay, and why. Tags `sha256-HEX…` are left out: they go with the manifest that they
 * belong to. An image without a date stays wherever its date would count: many builds write none, or that of 1970.
 */
export function keptTags(repository: Repository, tags: readonly Tag[], keep: Keep, now: Date): KeptTags {
  const plain = tags.filter(({ name }) => subjectOfTag(name) === undefined);
  const { keepLast, keepDays, keepTags = [] } = keep;
  const newest = newestDigests(repository, plain, keepLast ?? 0);
  const since = keepDays === undefined ? Number.POSITIVE_INFINITY : now.getTime() - keepDays * 86_400_000;
  const byDate = keepLast !== undefined || keepDays !== undefined;
  return new Map(
    plain.flatMap(({ name, digest }) => {
      const created = createdOf(repository, digest);
      const glob = keepTags.find((each) => tagMatches(each, name));
      const reasons = [
        ...(glob === undefined ? [] : [`matches ${glob}`]),
        ...(newest.has(digest) ? [`is among the newest ${keepLast}`] : []),
        ...(created !== undefined && created.getTime() >= since ? [`is not older than ${days(keepDays)}`] : []),
        ...(byDate && created === undefined ? ["has no date"] : []),
      ];
      return reasons.length === 0 ? [] : [[name, reasons.join(", ")] as const];
    }),
  );
}

/**
 * When an image was built; for an index, when its last child was. Undefined before 2000: builds that give the same
 * bytes each time write 1970 or 1980.
 */
export function createdOf(
  repository: Repository,
  digest: Digest,
  seen: ReadonlySet<Digest> = new Set(),
): Date | undefined {
  const manifest = repository.manifests.get(digest);
  if (manifest === undefined || seen.has(digest)) return undefined;
  const inside = manifest.children.map((child) => createdOf(repository, child.digest, new Set([...seen, digest])));
  const dates = [manifest.created, ...inside].filter((date) => date !== undefined && date.getUTCFullYear() >= 2000);
  return dates.reduce((last, date) => (last === undefined || (date && date > last) ? date : last), undefined);
}

function newestDigests(repository: Repository, tags: readonly Tag[], amount: number): ReadonlySet<Digest> {
  const dated = [...new Set(tags.map(({ digest }) => digest))].flatMap((digest) => {
    const created = createdOf(repository, digest);
    return created === undefined ? [] : [{ digest, created: created.getTime() }];
  });
  const newestFirst = dated.sort((a, b) => b.created - a.created || (a.digest < b.digest ? -1 : 1));
  return new Set(newestFirst.slice(0, amount).map(({ digest }) => digest));
}

function days(amount = 0): string {
  return amount === 1 ? "1 day" : `${amount} days`;
}

/** Which manifests without a tag go after this many days, by digest, and why the others stay. */
export function selectUntagged(
  { untagged = new Map(), manifests }: Repository,
  afterDays: number,
  now: Date,
): { going: Set<Digest>; retained: Map<Digest, string> } {
  const before = now.getTime() - afterDays * 86_400_000;
  const retained = new Map<Digest, string>();
  for (const [digest, pushed] of untagged) {
    const subject = manifests.get(digest)?.subject;
    if (pushed.getTime() > before) retained.set(digest, `was pushed less than ${days(afterDays)} ago`);
    // A referrer goes with what it refers to.
    else if (subject !== undefined && manifests.has(subject))
      retained.set(digest, `belongs to ${subject}, which stays`);
  }
  return { going: new Set([...untagged.keys()].filter((digest) => !retained.has(digest))), retained };
}

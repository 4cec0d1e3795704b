import type { Digest, Repository, Tag } from "../contents/contents.ts";
import { subjectOfTag } from "../contents/referrer-tag.ts";
import type { ImagesInUse } from "./in-use.ts";
import { goingWith, neededBy, referencesOf, referencingFirst, withChildren } from "./manifest-graph.ts";

/** What shall be deleted in one repository. */
export type Asked = { tags: ReadonlySet<string>; digests: ReadonlySet<Digest> };

/** What a deletion does in one repository. */
export type RepositoryPlan = {
  repository: Repository;
  asked: Asked;
  /** The manifests to delete; each comes before those that it references. Their tags go with them. */
  deletes: readonly Digest[];
  /** Tags that are deleted alone: something that stays needs their manifest. */
  untags: readonly Tag[];
  /** Why a tag or digest that was asked for stays. */
  stays: ReadonlyMap<string, string>;
};

/**
 * Plans a deletion in one repository. What a retained manifest references is retained: an index's children, a referrer's
 * subject. So is what a pod runs, with its tag, because the registry's API lists no manifest without a tag.
 * An image's referrers and its tags `sha256-HEX…` go when it goes.
 */
export function planRepository(repository: Repository, asked: Asked, inUse: ImagesInUse): RepositoryPlan {
  const { tags, manifests } = repository;
  const stays = new Map<string, string>(askedTags(repository, asked).flatMap((tag) => heldBy(repository, tag, inUse)));
  for (;;) {
    const going = askedTags(repository, asked).filter(({ name }) => !stays.has(name));
    const candidates = withReferrerTags(repository, [...going.map(({ digest }) => digest), ...asked.digests]);
    const retained = keptManifests(repository, { asked, stays, candidates, inUse });
    // Without a tag that leads to it, the API would no longer list such a subject, and nobody could delete it later.
    const named = keptTags(repository, { asked, stays, candidates, retained }).map(({ digest }) => digest);
    const listed = withChildren(manifests, named);
    const along = tags.filter(({ name }) => !stays.has(name) && isGone(subjectOfTag(name), candidates, retained));
    const held = [...going, ...along].flatMap(({ name, digest }) => {
      const unlisted = [...withReferrerTags(repository, [digest])].find(
        (each) => retained.has(each) && !listed.has(each),
      );
      return unlisted === undefined ? [] : [[name, neededReason(repository, retained, unlisted)] as const];
    });
    for (const [name, reason] of held) stays.set(name, reason);
    if (held.length > 0) continue;

    for (const digest of asked.digests) {
      const pod = userOf(manifests.get(digest), inUse);
      if (retained.has(digest)) stays.set(digest, pod ? `${pod} runs it` : neededReason(repository, retained, digest));
    }
    const deletes = new Set([...candidates].filter((digest) => !retained.has(digest)));
    const untags = tags.filter(({ name, digest }) => goes(name, asked, stays, deletes) && !deletes.has(digest));
    // An image's signatures before the image: a tag shows what an interruption leaves of the image, but none of them.
    const early = along.map(({ digest }) => digest);
    return { repository, asked, deletes: referencingFirst(manifests, deletes, early), untags, stays };
  }
}

/** The tags that are asked for, or whose digest is. */
function askedTags({ tags }: Repository, asked: Asked): Tag[] {
  return tags.filter(({ name, digest }) => asked.tags.has(name) || asked.digests.has(digest));
}

/** Why a tag stays whatever else the repository has. */
function heldBy(
  { name: repository, manifests }: Repository,
  { name, digest }: Tag,
  inUse: ImagesInUse,
): [string, string][] {
  if (inUse.isImmutable?.(repository, name)) return [[name, "it is immutable"]];
  const users = [...withChildren(manifests, [digest])].map((each) => userOf(manifests.get(each), inUse));
  const pod = inUse.tags.get(`${repository}:${name}`) ?? inUse.digests.get(digest) ?? users.find(Boolean);
  return pod === undefined ? [] : [[name, `${pod} runs it`]];
}

function userOf(manifest: { digest: Digest; config?: { digest: Digest } } | undefined, { digests }: ImagesInUse) {
  if (manifest === undefined) return undefined;
  return digests.get(manifest.digest) ?? (manifest.config && digests.get(manifest.config.digest));
}

/** What goes along with these manifests, tags `sha256-HEX…` included. */
function withReferrerTags(repository: Repository, from: readonly Digest[]): Set<Digest> {
  for (let found = goingWith(repository, from); ; ) {
    const more = repository.tags.filter(
      ({ name, digest }) => found.has(subjectOfTag(name) ?? "") && !found.has(digest),
    );
    // A tag whose manifest could not be read leads nowhere.
    const known = more.filter(({ digest }) => repository.manifests.has(digest));
    if (known.length === 0) return found;
    found = goingWith(repository, [...found, ...known.map(({ digest }) => digest)]);
  }
}

type Intermediate = { asked: Asked; stays: ReadonlyMap<string, string>; candidates: ReadonlySet<Digest> };

/** Every manifest that a tag that stays needs, that a pod runs, or that has no tag and is not asked for. */
function keptManifests(repository: Repository, at: Intermediate & { inUse: ImagesInUse }): Set<Digest> {
  const { manifests } = repository;
  const askedFor = new Set([...askedTags(repository, at.asked).map(({ digest }) => digest), ...at.asked.digests]);
  const running = [...manifests.values()].filter((each) => userOf(each, at.inUse)).map(({ digest }) => digest);
  const untagged = [...(repository.untagged?.keys() ?? [])].filter(
    // A referrer goes with what it refers to.
    (digest) => !askedFor.has(digest) && !at.candidates.has(manifests.get(digest)?.subject ?? ""),
  );
  for (let retained = new Set<Digest>(); ; ) {
    const roots = keptTags(repository, { ...at, retained }).map(({ digest }) => digest);
    const grown = neededBy(repository, [...roots, ...running, ...untagged], (referrer) => !askedFor.has(referrer));
    if (grown.size === retained.size) return retained;
    retained = grown;
  }
}

function keptTags({ tags }: Repository, at: Intermediate & { retained: ReadonlySet<Digest> }): Tag[] {
  return tags.filter(({ name, digest }) => {
    if (at.stays.has(name)) return true;
    if (at.asked.tags.has(name) || at.asked.digests.has(digest)) return false;
    const subject = subjectOfTag(name);
    return subject === undefined || at.retained.has(subject) || !at.candidates.has(subject);
  });
}

function isGone(subject: Digest | undefined, candidates: ReadonlySet<Digest>, retained: ReadonlySet<Digest>): boolean {
  return subject !== undefined && candidates.has(subject) && !retained.has(subject);
}

/** Whether a tag goes: it was asked for and nothing holds it, or it belongs to a manifest that goes. */
function goes(name: string, asked: Asked, stays: ReadonlyMap<string, string>, deletes: ReadonlySet<Digest>): boolean {
  return (asked.tags.has(name) && !stays.has(name)) || (!stays.has(name) && deletes.has(subjectOfTag(name) ?? ""));
}

function neededReason({ manifests, tags }: Repository, retained: ReadonlySet<Digest>, digest: Digest): string {
  const needing = [...manifests.values()].find(
    (each) => retained.has(each.digest) && referencesOf(each).includes(digest),
  );
  return `${needing ? nameOf(tags, needing.digest) : "a tag that stays"} needs it`;
}

function nameOf(tags: readonly Tag[], digest: Digest): string {
  return tags.find((tag) => tag.digest === digest)?.name ?? digest;
}

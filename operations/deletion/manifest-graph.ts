import type { Digest, Manifest, Repository } from "../contents/contents.ts";

type Manifests = Repository["manifests"];

/** These manifests and all that `next` leads to from them, as far as the repository has them. */
function follow(manifests: Manifests, from: Iterable<Digest>, next: (manifest: Manifest) => Iterable<Digest>) {
  const found = new Set<Digest>();
  const open = [...from];
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    const manifest = manifests.get(digest);
    if (manifest === undefined || found.has(digest)) continue;
    found.add(digest);
    open.push(...next(manifest));
  }
  return found;
}

/** Indexes among these manifests with all their children. */
export function withChildren(manifests: Manifests, from: Iterable<Digest>): Set<Digest> {
  return follow(manifests, from, childrenOf);
}

/** What has to stay if these manifests stay: children, subjects, and the referrers that `belongs` accepts. */
export function neededBy(
  { manifests }: Repository,
  from: Iterable<Digest>,
  belongs: (referrer: Digest) => boolean,
): Set<Digest> {
  const referrers = referrersBySubject(manifests);
  return follow(manifests, from, (manifest) => [
    ...referencesOf(manifest),
    ...(referrers.get(manifest.digest) ?? []).filter(belongs),
  ]);
}

/** What goes along with these manifests: children and referrers, those of children included. */
export function goingWith({ manifests }: Repository, from: Iterable<Digest>): Set<Digest> {
  const referrers = referrersBySubject(manifests);
  return follow(manifests, from, (manifest) => [...childrenOf(manifest), ...(referrers.get(manifest.digest) ?? [])]);
}

/**
 * The manifests in an order in which each comes before those that it references, so that an interruption breaks none.
 * Those that only `early` leads to come first.
 */
export function referencingFirst(
  manifests: Manifests,
  digests: ReadonlySet<Digest>,
  early: Iterable<Digest>,
): Digest[] {
  const reached = withChildren(manifests, early);
  const others = [...digests].filter((digest) => !reached.has(digest));
  const late = follow(manifests, others, referencesOf);
  const ordered = new Set<Digest>();
  const add = (digest: Digest) => {
    const manifest = manifests.get(digest);
    if (manifest === undefined || ordered.has(digest)) return;
    for (const each of referencesOf(manifest)) add(each);
    ordered.add(digest);
  };
  for (const digest of [...late, ...digests]) add(digest);
  return [...ordered].filter((digest) => digests.has(digest)).reverse();
}

/** The manifests that a manifest needs: its children and its subject. */
export function referencesOf(manifest: Manifest): Digest[] {
  return [...childrenOf(manifest), ...(manifest.subject === undefined ? [] : [manifest.subject])];
}

function childrenOf({ children }: Manifest): Digest[] {
  return children.map(({ digest }) => digest);
}

function referrersBySubject(manifests: Manifests): Map<Digest, Digest[]> {
  const found = new Map<Digest, Digest[]>();
  for (const { digest, subject } of manifests.values())
    if (subject !== undefined) found.set(subject, [...(found.get(subject) ?? []), digest]);
  return found;
}

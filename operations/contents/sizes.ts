import type { Contents, Digest, Manifest, Repository } from "./contents.ts";

export type RepositorySizes = {
  name: string;
  tags: number;
  /** Images that its tags lead to, one for each platform. */
  images: number;
  /** Bytes of all its manifests, configs and layers, each counted once. */
  size: number;
  /** Bytes of those that no other repository has. */
  alone: number;
  /** Bytes of those that other repositories have, too. */
  shared: number;
};

/** What each repository stores, and all of them together, where each blob counts once. */
export function sizesOf({ repositories }: Contents): { repositories: RepositorySizes[]; size: number } {
  const stored = repositories.map((repository) => ({ repository, blobs: blobsOf(repository) }));
  const owners = new Map<Digest, number>();
  for (const { blobs } of stored) for (const digest of blobs.keys()) owners.set(digest, (owners.get(digest) ?? 0) + 1);
  return {
    repositories: stored.map(({ repository, blobs }) => {
      const alone = sum([...blobs].filter(([digest]) => owners.get(digest) === 1).map(([, size]) => size));
      const size = sum([...blobs.values()]);
      const { name, tags, manifests } = repository;
      const images = [...manifests.values()].filter(({ kind }) => kind === "image").length;
      return { name, tags: tags.length, images, size, alone, shared: size - alone };
    }),
    size: sum([...new Map(stored.flatMap(({ blobs }) => [...blobs])).values()]),
  };
}

/** The bytes that these manifests take with their configs and layers, each counted once. */
export function sizeOfManifests(manifests: Iterable<Manifest>): number {
  return sum([...blobsIn(manifests).values()]);
}

/** The size of each blob of a repository, by digest. Registries store manifests as blobs, too. */
function blobsOf({ manifests }: Repository): Map<Digest, number> {
  return blobsIn(manifests.values());
}

function blobsIn(manifests: Iterable<Manifest>): Map<Digest, number> {
  const blobs = new Map<Digest, number>();
  for (const manifest of manifests)
    for (const { digest, size } of [manifest, ...(manifest.config ? [manifest.config] : []), ...manifest.layers])
      blobs.set(digest, size);
  return blobs;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

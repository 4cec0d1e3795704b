import { z } from "zod";
import type { Contents, Digest, Manifest, Repository } from "../../contents/contents.ts";
import { subjectOfTag } from "../../contents/referrer-tag.ts";
import { sizeOfManifests } from "../../contents/sizes.ts";

const ListedImage = z.object({
  repository: z.string(),
  tag: z.string(),
  digest: z.string(),
  /** Bytes of manifests, configs and layers of all platforms, each counted once. */
  size: z.int(),
  /** As in linux/arm64; empty for what is no image. */
  platforms: z.array(z.string()),
  /** When the newest of its images was built, in UTC. */
  created: z.string().optional(),
  /** What it is if it is no image, as in application/vnd.cncf.helm.config.v1+json. */
  artifactType: z.string().optional(),
  /** With --pushed: the account that pushed the tag last, and when in UTC, as far back as the access log goes. */
  pushed: z.object({ by: z.string(), at: z.string() }).optional(),
});

/** What `registry images --json` prints. Fields may be added, none is removed. */
export const ImageList = z.object({ images: z.array(ListedImage) });

export type ListedImage = z.output<typeof ListedImage>;

/** The tags of these repositories; `all`: also tags that only hold signatures and other referrers. */
export function listedImages({ repositories }: Contents, all: boolean): ListedImage[] {
  return repositories.flatMap((repository) =>
    repository.tags
      .filter(({ name }) => all || subjectOfTag(name) === undefined)
      .map(({ name, digest }) => ({ repository: repository.name, tag: name, digest, ...describe(repository, digest) })),
  );
}

function describe(repository: Repository, digest: Digest) {
  const manifests = withChildren(repository, digest);
  const images = manifests.filter(({ kind }) => kind === "image");
  const created = images.flatMap((image) => image.created ?? []).sort((a, b) => b.getTime() - a.getTime())[0];
  const { artifactType } = repository.manifests.get(digest) ?? {};
  return {
    size: sizeOfManifests(manifests),
    platforms: [...new Set(images.flatMap(({ platform }) => platform ?? []))],
    ...(created && { created: created.toISOString() }),
    ...(artifactType && { artifactType }),
  };
}

/** A manifest and, of an index, its children. */
function withChildren(
  { manifests }: Pick<Repository, "manifests">,
  digest: Digest,
  found = new Set<Manifest>(),
): Manifest[] {
  const manifest = manifests.get(digest);
  if (manifest !== undefined && !found.has(manifest)) {
    found.add(manifest);
    for (const child of manifest.children) withChildren({ manifests }, child.digest, found);
  }
  return [...found];
}

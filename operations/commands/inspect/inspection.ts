import { z } from "zod";
import type { Descriptor, Manifest, Repository } from "../../contents/contents.ts";
import { subjectOfTag } from "../../contents/referrer-tag.ts";
import { sizeOfManifests } from "../../contents/sizes.ts";

const Blob = z.object({ digest: z.string(), mediaType: z.string(), size: z.int() });

/** What `registry inspect --json` prints. Sizes are in bytes. Fields may be added, none is removed. */
export const Inspection = z.object({
  repository: z.string(),
  digest: z.string(),
  mediaType: z.string(),
  kind: z.enum(["image", "index", "artifact"]),
  /** The tag that was asked for. */
  tag: z.string().optional(),
  /** What it takes with its children, configs and layers, each counted once. */
  size: z.int(),
  /** The manifest itself, or of an index its children. */
  manifests: z.array(
    z.object({
      digest: z.string(),
      kind: z.enum(["image", "index", "artifact", "missing"]),
      platform: z.string().optional(),
      created: z.string().optional(),
      artifactType: z.string().optional(),
      size: z.int(),
      /** Its config, as the registry stores it: entrypoint, environment, labels, history. */
      config: z.unknown().optional(),
      layers: z.array(Blob),
    }),
  ),
  /** Signatures, SBOMs and the like, of it and of its children. */
  referrers: z.array(
    z.object({
      digest: z.string(),
      subject: z.string(),
      artifactType: z.string().optional(),
      /** Of a registry without the referrers API. */
      tag: z.string().optional(),
      size: z.int(),
    }),
  ),
  /** The pods and CronJobs of the stack's cluster that run it; missing where no cluster was asked. */
  pods: z
    .array(
      z.object({
        kind: z.enum(["pod", "cronjob"]),
        namespace: z.string(),
        name: z.string(),
        /** With "tag" it asks for this tag, and may run an image that had it earlier. */
        by: z.enum(["digest", "tag"]),
      }),
    )
    .optional(),
});

export type Inspection = z.output<typeof Inspection>;

/** Describes one manifest of a repository. `configs`: what their configs say, by digest of the manifest. */
export function inspection(repository: Repository, top: Manifest, configs: ReadonlyMap<string, unknown>): Inspection {
  const described: readonly Pick<Descriptor, "digest" | "platform" | "size">[] =
    top.kind === "index" ? top.children : [top];
  const tag = repository.tags.find(({ digest }) => digest === top.digest);
  const own = [top, ...described.flatMap(({ digest }) => repository.manifests.get(digest) ?? [])];
  return {
    repository: repository.name,
    ...{ digest: top.digest, mediaType: top.mediaType, kind: top.kind },
    ...(tag && { tag: tag.name }),
    size: sizeOfManifests(own),
    manifests: described.map((each) => {
      const manifest = repository.manifests.get(each.digest);
      if (manifest === undefined)
        return { digest: each.digest, kind: "missing" as const, ...platformOf(each), size: each.size, layers: [] };
      const { digest, kind, artifactType, created, layers } = manifest;
      return {
        ...{ digest, kind, ...platformOf({ platform: each.platform ?? manifest.platform }) },
        ...(created && { created: created.toISOString() }),
        ...(artifactType && { artifactType }),
        size: sizeOfManifests([manifest]),
        ...(configs.has(digest) && { config: configs.get(digest) }),
        layers: layers.map(({ digest, mediaType, size }) => ({ digest, mediaType, size })),
      };
    }),
    referrers: referrersOf(repository, new Set(own.map(({ digest }) => digest))),
  };
}

function platformOf({ platform }: { platform?: string | undefined }) {
  return platform === undefined ? {} : { platform };
}

/** By `subject`, and by the names of tags; a tag's list of referrers is not one itself. */
function referrersOf({ tags, manifests }: Repository, subjects: ReadonlySet<string>): Inspection["referrers"] {
  const bySubject = [...manifests.values()].flatMap((manifest) => {
    const { subject = "" } = manifest;
    return subjects.has(subject) ? [{ ...referrer(manifest), subject }] : [];
  });
  const byTag = tags.flatMap(({ name, digest }) => {
    const [subject, manifest] = [subjectOfTag(name) ?? "", manifests.get(digest)];
    const isOne = manifest !== undefined && manifest.kind !== "index" && manifest.subject === undefined;
    return subjects.has(subject) && isOne ? [{ ...referrer(manifest), subject, tag: name }] : [];
  });
  return [...bySubject, ...byTag];
}

function referrer(manifest: Manifest) {
  const artifactType = manifest.artifactType ?? manifest.layers[0]?.mediaType;
  return { digest: manifest.digest, ...(artifactType && { artifactType }), size: sizeOfManifests([manifest]) };
}

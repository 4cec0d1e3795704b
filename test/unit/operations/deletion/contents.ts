import type { Manifest, Repository } from "../../../../operations/contents/contents.ts";
import type { ImagesInUse } from "../../../../operations/deletion/in-use.ts";

/** A digest made of one number. */
export function digest(number: number): string {
  return `sha256:${number.toString(16).padStart(64, "0")}`;
}

/** The tag under which clients store the referrers of a manifest. */
export function referrerTag(number: number, suffix = ""): string {
  return `${digest(number).replace(":", "-")}${suffix}`;
}

type Given = { children?: number[]; subject?: number; layers?: number[]; created?: string };

/** A repository: `manifests` by number, `tags` by name with the number of their manifest. */
export function repositoryOf(
  manifests: Record<number, Given>,
  tags: Record<string, number>,
  name = "team-a/app",
): Repository {
  return {
    name,
    tags: Object.entries(tags).map(([tag, number]) => ({ name: tag, digest: digest(number) })),
    manifests: new Map(Object.entries(manifests).map(([number, given]) => [digest(+number), manifest(+number, given)])),
  };
}

function manifest(number: number, { children = [], subject, layers = [], created }: Given): Manifest {
  const blob = (of: number) => ({ digest: digest(of), mediaType: "application/octet-stream", size: 1000 });
  return {
    digest: digest(number),
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    size: 10,
    kind: children.length > 0 ? "index" : "image",
    children: children.map(blob),
    layers: layers.map(blob),
    ...(subject !== undefined && { subject: digest(subject) }),
    ...(created !== undefined && { created: new Date(created) }),
  };
}

/** What pods run: digests by number, tags as `REPOSITORY:TAG`. */
export function inUse(digests: number[] = [], tags: string[] = []): ImagesInUse {
  const pod = "pod apps/web";
  return {
    digests: new Map(digests.map((each) => [digest(each), pod])),
    tags: new Map(tags.map((each) => [each, pod])),
  };
}

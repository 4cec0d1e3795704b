import { createdAt } from "./created.ts";
import { Failure } from "./failure.ts";
import { list, record, size, text, texts } from "./fields.ts";
import type { Turn } from "./queue.ts";
import type { Registry } from "./registry.ts";
import { isDigest } from "./route.ts";

/** The image for one platform, or the whole image if it has only one. */
export type Variant = {
  /** As in `linux/arm64/v8`; none for what is no container image. */
  platform?: string;
  digest: string;
  /** Layers and config, compressed, in bytes; none where the registry has no such manifest. */
  size?: number;
  layers: number;
};

export type Image = {
  digest: string;
  mediaType: string;
  /** What it holds where that is no container image, as in `application/vnd.cncf.helm.config.v1+json`. */
  artifact?: string;
  variants: Variant[];
  created?: Date;
  /** Annotations and labels, by name. */
  labels: [string, string][];
};

type Manifest = { body: Record<string, unknown>; digest: string; mediaType: string };

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const configTypes = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

/** Media types of the manifests that the ui can read. */
export const acceptedTypes = [...indexTypes, ...manifestTypes].join(", ");

/** Loads what the registry stores about an image: two requests, and one for each platform if there are several. */
export async function loadImage(registry: Registry, repository: string, reference: string, turn: Turn): Promise<Image> {
  const soon = { ...turn, urgent: true };
  const top = await loadManifest(registry, repository, reference, turn);
  const children = platformsOf(top);
  const child = (digest: string) => loadManifest(registry, repository, digest, soon).catch(ifMissing(digest));
  const manifests = children.length === 0 ? [top] : await Promise.all(children.map(({ digest }) => child(digest)));
  const first = record(manifests[0]?.body.config);
  const isImage = configTypes.includes(text(first.mediaType) ?? "");
  const config = isImage ? await loadConfig(registry, repository, digestIn(first), soon) : {};

  return {
    digest: top.digest,
    mediaType: top.mediaType,
    artifact: isImage ? undefined : (text(top.body.artifactType) ?? text(first.mediaType)),
    variants: manifests.map((one, index) => variant(one, children[index]?.platform ?? platformText(config))),
    created: createdAt(text(config.created)),
    labels: labelsOf(top.body.annotations, manifests[0]?.body.annotations, record(config.config).Labels),
  };
}

async function loadManifest(registry: Registry, repository: string, reference: string, turn: Turn): Promise<Manifest> {
  const answer = await registry.ask(`/v2/${repository}/manifests/${reference}`, { accept: acceptedTypes, ...turn });
  const body = record(answer.body);
  return {
    body,
    digest: answer.headers.get("docker-content-digest") ?? reference,
    mediaType: text(body.mediaType) ?? answer.headers.get("content-type") ?? "",
  };
}

/** An index may list platforms whose manifests were not copied, or were deleted. */
function ifMissing(digest: string): (thrown: unknown) => Manifest {
  return (thrown) => {
    if (thrown instanceof Failure && thrown.kind === "missing") return { body: {}, digest, mediaType: "" };
    throw thrown;
  };
}

async function loadConfig(registry: Registry, repository: string, digest: string, turn: Turn) {
  const answer = await registry.ask(`/v2/${repository}/blobs/${digest}`, turn);
  return record(answer.body);
}

// BuildKit's attestations are manifests of the platform unknown/unknown.
function platformsOf({ body }: Manifest): { digest: string; platform?: string }[] {
  return list(body.manifests)
    .map(record)
    .map(({ digest, platform }) => ({ digest: digestIn({ digest }), platform: platformText(record(platform)) }))
    .filter(({ platform }) => platform !== "unknown/unknown");
}

/** Checked because it becomes part of a URL. */
function digestIn({ digest }: Record<string, unknown>): string {
  const said = text(digest) ?? "";
  if (!isDigest(said)) throw new Failure("broken", `The manifest names “${said.slice(0, 80)}”, which is not a digest`);
  return said;
}

function variant({ body, digest }: Manifest, platform: string | undefined): Variant {
  if (body.layers === undefined) return { platform, digest, layers: 0 };
  const layers = list(body.layers).map(record);
  const sizes = [record(body.config), ...layers].map((descriptor) => size(descriptor.size));
  return { platform, digest, size: sizes.reduce((sum, one) => sum + one, 0), layers: layers.length };
}

function platformText({ os, architecture, variant }: Record<string, unknown>): string | undefined {
  const parts = [os, architecture, variant].map(text).filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? undefined : parts.join("/");
}

function labelsOf(...sources: unknown[]): [string, string][] {
  return [...new Map(sources.flatMap(texts))].sort(([a], [b]) => a.localeCompare(b));
}

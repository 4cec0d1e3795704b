import type { Question } from "../../../lab/proxy/ask.ts";
import { descriptor, pushBlob, pushManifest } from "../../../lab/proxy/content.ts";

const as: Question = { basic: "jenkins" };
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";

export type PushedImage = {
  /** @default linux/amd64 */
  platform?: string;
  /** @default none recorded */
  created?: string;
  labels?: Record<string, string>;
  /** What the manifest says of its layers, in bytes; the blobs themselves are a few bytes long. */
  layers?: readonly number[];
};

type Descriptor = { mediaType: string; digest: string; size: number; platform?: object };

/** Pushes an image as its config describes it; gives its manifest's digest. */
export async function push(to: { url: string }, repository: string, tag: string, image: PushedImage = {}) {
  return (await pushDescribed(to, repository, tag, image)).digest;
}

/** Pushes an index of images, and an attestation beside them as BuildKit does; gives the index's digest. */
export async function pushIndex(to: { url: string }, repository: string, tag: string, images: readonly PushedImage[]) {
  const manifests: Descriptor[] = [];
  for (const image of images) {
    const pushed = await pushDescribed(to, repository, undefined, image);
    manifests.push({ ...pushed, platform: platformOf(image.platform) });
  }
  const attestation = await pushDescribed(to, repository, undefined, { platform: "unknown/unknown" });
  manifests.push({ ...attestation, platform: platformOf("unknown/unknown") });
  return (await pushManifest(to, repository, tag, { mediaType: indexType, manifests }, as)).digest;
}

async function pushDescribed(to: { url: string }, repository: string, tag: string | undefined, image: PushedImage) {
  const { platform, created, labels, layers = [1000] } = image;
  const config = await blob(to, repository, configType, {
    created,
    ...platformOf(platform),
    config: { Labels: labels },
  });
  const layer = await blob(to, repository, "application/vnd.oci.image.layer.v1.tar+gzip", "a layer");
  const described = layers.map((size) => ({ ...layer, size }));
  return pushManifest(to, repository, tag, { mediaType: manifestType, config, layers: described }, as);
}

async function blob(to: { url: string }, repository: string, mediaType: string, value: unknown): Promise<Descriptor> {
  const content = Buffer.from(JSON.stringify(value));
  const { status, text } = await pushBlob(to, repository, content, as);
  if (status !== 201) throw new Error(`a blob of ${repository}: ${status} ${text}`);
  return descriptor(mediaType, content);
}

function platformOf(platform = "linux/amd64") {
  const [os, architecture, variant] = platform.split("/");
  return { os, architecture, ...(variant && { variant }) };
}

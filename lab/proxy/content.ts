import { createHash } from "node:crypto";
import { type Answer, ask, type Question } from "./ask.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";

export function digestOf(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Uploads a blob as clients do: a POST, then a PUT to the location in the answer. */
export async function pushBlob(
  to: { url: string },
  repository: string,
  content: Buffer,
  as: Question,
): Promise<Answer> {
  const start = await ask(to, `POST /v2/${repository}/blobs/uploads/`, as);
  if (start.status !== 202) return start;
  const location = new URL(String(start.headers.location), to.url);
  location.searchParams.set("digest", digestOf(content));
  return ask(to, `PUT ${location.pathname}${location.search}`, { ...as, body: content });
}

/** Uploads an image of one layer, and returns its manifest. The answer is the first that refuses, else the manifest's. */
export async function pushImage(to: { url: string }, repository: string, tag: string, layer: Buffer, as: Question) {
  const config = Buffer.from(`{"architecture":"amd64","os":"linux","of":"${repository}:${tag}"}`);
  const blobs = [await pushBlob(to, repository, config, as), await pushBlob(to, repository, layer, as)];
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(configType, config),
    layers: [descriptor(layerType, layer)],
  });
  const put = await ask(to, `PUT /v2/${repository}/manifests/${tag}`, {
    ...as,
    headers: { ...as.headers, "content-type": manifestType },
    body: manifest,
  });
  const answer = blobs.find(({ status }) => status !== 201) ?? put;
  return { answer, manifest, digest: digestOf(manifest), layer: digestOf(layer), config: digestOf(config) };
}

/** Uploads a manifest, an index or an artifact, under a tag or by its own digest, and returns its descriptor. */
export async function pushManifest(
  to: { url: string },
  repository: string,
  tag: string | undefined,
  manifest: { mediaType: string } & Record<string, unknown>,
  as: Question,
) {
  const { mediaType } = manifest;
  const text = JSON.stringify({ schemaVersion: 2, ...manifest });
  const question = { ...as, headers: { ...as.headers, "content-type": mediaType }, body: text };
  const answer = await ask(to, `PUT /v2/${repository}/manifests/${tag ?? digestOf(text)}`, question);
  if (answer.status !== 201) throw new Error(`${repository}: ${answer.status} ${answer.text}`);
  return { mediaType, digest: digestOf(text), size: text.length };
}

export function descriptor(mediaType: string, content: Buffer) {
  return { mediaType, digest: digestOf(content), size: content.length };
}

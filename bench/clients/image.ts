import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { digestOf, pushBlob } from "../../lab/proxy/content.ts";

export const manifestType = "application/vnd.oci.image.manifest.v1+json";

export type Image = { repository: string; manifest: string; blobs: readonly Buffer[] };

/** An image with these layers, which need not be archives: nobody unpacks them. */
export function image(repository: string, layers: readonly Buffer[]): Image {
  const config = Buffer.from(`{"architecture":"amd64","os":"linux","of":"${repository}"}`);
  const descriptor = (mediaType: string, blob: Buffer) => ({ mediaType, digest: digestOf(blob), size: blob.length });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: layers.map((layer) => descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
  });
  return { repository, manifest, blobs: [config, ...layers] };
}

/** Pushes an image as `v1`. */
export async function storeImage(
  url: string,
  { repository, manifest, blobs }: Image,
  as: Question = {},
): Promise<void> {
  for (const blob of blobs) await pushBlob({ url }, repository, blob, as);
  const headers = { "content-type": manifestType };
  const { status, text } = await ask({ url }, `PUT /v2/${repository}/manifests/v1`, { ...as, headers, body: manifest });
  if (status !== 201) throw new Error(`${url} takes no manifest: ${status} ${text}`);
}

/** Writes an image to the paths that a registry serves it at. */
export async function writeImage(folder: string, { repository, manifest, blobs }: Image): Promise<void> {
  const root = join(folder, "v2", repository);
  for (const kind of ["blobs", "manifests"]) await mkdir(join(root, kind), { recursive: true });
  for (const name of ["v1", digestOf(manifest)]) await writeFile(join(root, "manifests", name), manifest);
  for (const blob of blobs) await writeFile(join(root, "blobs", digestOf(blob)), blob);
}

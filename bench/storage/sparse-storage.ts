import { createHash } from "node:crypto";
import { mkdirSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const layersEach = 98;
const layerBytes = 1_000_000;
const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;

/**
 * Fills a storage of distribution with so many blobs, two days old: images of sparse layers, and one blob in ten that no
 * manifest references.
 */
export function sparseStorage(storage: string, blobs: number): void {
  const root = join(storage, "docker/registry/v2");
  const write = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    for (const each of [path, dirname(path)]) utimesSync(each, twoDaysAgo, twoDaysAgo);
  };
  const link = (below: string, hex: string) =>
    write(join(root, "repositories/team/app", below, "sha256", hex, "link"), `sha256:${hex}`);
  const blob = (text: string, size = text.length) => {
    const hex = createHash("sha256").update(text).digest("hex");
    const path = join(root, "blobs/sha256", hex.slice(0, 2), hex, "data");
    write(path, text);
    if (size > text.length) truncateSync(path, size);
    utimesSync(path, twoDaysAgo, twoDaysAgo);
    return { hex, digest: `sha256:${hex}`, size };
  };

  const garbage = blobs / 10;
  for (let index = 0; index < garbage; index++) link("_layers", blob(`garbage ${index}`, layerBytes).hex);
  for (let written = garbage; written < blobs; written += layersEach + 2) {
    const config = blob(`{"architecture":"amd64","os":"linux","of":"${written}"}`);
    const layers = Array.from({ length: layersEach }, (_, index) => blob(`layer ${written} ${index}`, layerBytes));
    for (const { hex } of [config, ...layers]) link("_layers", hex);
    const typed = (mediaType: string, { digest, size }: typeof config) => ({ mediaType, digest, size });
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const manifest = {
      ...{ schemaVersion: 2, mediaType },
      config: typed("application/vnd.oci.image.config.v1+json", config),
      layers: layers.map((layer) => typed("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
    };
    link("_manifests/revisions", blob(JSON.stringify(manifest)).hex);
  }
}

import { createHash } from "node:crypto";
import { mkdirSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;

/** A blob as manifests name it. */
export type StoredBlob = { hex: string; digest: string; size: number };

/** Writes files of a storage of distribution, as if they were two days old. */
export class StorageFiles {
  private readonly root: string;

  constructor(storage: string) {
    this.root = join(storage, "docker/registry/v2");
  }

  /** `size`: how long the file is; what is after the text is a hole. @default as long as the text */
  blob(text: string, size = text.length): StoredBlob {
    const hex = createHash("sha256").update(text).digest("hex");
    const path = join(this.root, "blobs/sha256", hex.slice(0, 2), hex, "data");
    write(path, text);
    if (size > text.length) truncateSync(path, size);
    utimesSync(path, twoDaysAgo, twoDaysAgo);
    return { hex, digest: `sha256:${hex}`, size };
  }

  /** Makes a repository have a layer. */
  layer(repository: string, { hex }: StoredBlob): void {
    this.link(repository, `_layers/sha256/${hex}`, hex);
  }

  /** Stores an image's manifest, and makes a repository have it and all that it needs. */
  image(repository: string, config: StoredBlob, layers: readonly StoredBlob[], tag?: string): void {
    const typed = (mediaType: string, { digest, size }: StoredBlob) => ({ mediaType, digest, size });
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const manifest = {
      ...{ schemaVersion: 2, mediaType },
      config: typed("application/vnd.oci.image.config.v1+json", config),
      layers: layers.map((layer) => typed("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
    };
    for (const blob of [config, ...layers]) this.layer(repository, blob);
    const { hex } = this.blob(JSON.stringify(manifest));
    this.link(repository, `_manifests/revisions/sha256/${hex}`, hex);
    if (tag === undefined) return;
    for (const below of ["current", `index/sha256/${hex}`])
      this.link(repository, `_manifests/tags/${tag}/${below}`, hex);
  }

  private link(repository: string, below: string, hex: string): void {
    write(join(this.root, "repositories", repository, below, "link"), `sha256:${hex}`);
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  for (const each of [path, dirname(path)]) utimesSync(each, twoDaysAgo, twoDaysAgo);
}

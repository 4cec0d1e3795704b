import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { digestOf } from "../../lab/proxy/content.ts";
import { imageType } from "./whole.ts";

/** An image that real clients push: a folder as the OCI image layout has it. */
export type Layout = { folder: string; archive: string; digest: string };

/** A layer: a tar archive with one file of random bytes. */
export type Layer = { tar: Buffer; gzip: Buffer };

export async function newLayer(folder: string): Promise<Layer> {
  await mkdir(folder, { recursive: true });
  const name = randomBytes(6).toString("hex");
  await writeFile(join(folder, name), randomBytes(30_000));
  const { stdout: tar } = await execa("tar", ["--create", "--directory", folder, name], { encoding: "buffer" });
  return { tar: Buffer.from(tar), gzip: gzipSync(tar) };
}

/** Writes an image of these layers. `name` is what ctr calls it after an import. */
export async function writeLayout(folder: string, name: string, layers: readonly Layer[]): Promise<Layout> {
  await mkdir(join(folder, "blobs/sha256"), { recursive: true });
  const add = async (mediaType: string, content: Buffer) => {
    const digest = digestOf(content);
    await writeFile(join(folder, "blobs", digest.replace(":", "/")), content);
    return { mediaType, digest, size: content.length };
  };
  const json = (mediaType: string, value: object) => add(mediaType, Buffer.from(JSON.stringify(value)));

  const config = await json("application/vnd.oci.image.config.v1+json", {
    architecture: "amd64",
    os: "linux",
    config: { Labels: { folder } },
    rootfs: { type: "layers", diff_ids: layers.map(({ tar }) => digestOf(tar)) },
    history: layers.map(() => ({ created_by: "the campaign" })),
  });
  const type = "application/vnd.oci.image.layer.v1.tar+gzip";
  const descriptors = await Promise.all(layers.map(({ gzip }) => add(type, gzip)));
  const image = await json(imageType, { schemaVersion: 2, mediaType: imageType, config, layers: descriptors });

  await writeFile(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  const annotations = { "io.containerd.image.name": name };
  await writeFile(
    join(folder, "index.json"),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...image, annotations }] }),
  );
  const archive = `${folder}.tar`;
  await execa("tar", ["--create", "--file", archive, "--directory", folder, "."]);
  return { folder, archive, digest: image.digest };
}

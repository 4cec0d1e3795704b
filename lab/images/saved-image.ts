import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { docker } from "../docker/docker.ts";
import { exists } from "../exists.ts";
import { LabError } from "../lab-error.ts";
import { withLabLock } from "../locks/lock.ts";
import { keepArchive } from "./keep-archive.ts";

export type SavedImage = {
  /** Tag in the Docker that runs the lab. */
  tag: string;
  /** `sha256:…` of its configuration: the image's id on a host that loaded the archive. */
  id: string;
  /** Path of its archive, written by `docker save`. */
  archive: string;
};

/** Saves an image of this Docker as an archive in the cache, unless it is there. */
export async function savedImage(name: string, tag: string): Promise<SavedImage> {
  const inspected = await docker(["image", "inspect", "--format", "{{.Id}}", tag]);
  const folder = join(cacheDirectory(), "images", name);
  const archive = join(folder, `${inspected.slice("sha256:".length)}.tar`);
  if (!(await exists(archive)))
    await withLabLock(async () => (await exists(archive)) || save(tag, folder, archive), `images-${name}`);
  await keepArchive(archive);
  return { tag, id: await idOf(archive), archive };
}

/**
 * The id that the image gets on a host that loads the archive: the digest of its configuration. A Docker that stores images
 * in containerd reports another id.
 */
export async function idOf(archive: string): Promise<string> {
  const { stdout } = await execa("tar", ["--extract", "--to-stdout", "--file", archive, "manifest.json"]);
  const [image] = JSON.parse(stdout) as { Config: string }[];
  const [digest] = /[0-9a-f]{64}/.exec(image?.Config ?? "") ?? [];
  if (digest === undefined) throw new LabError(`${archive} names no configuration in its manifest.json: ${stdout}`);
  return `sha256:${digest}`;
}

async function save(tag: string, folder: string, archive: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const aside = `${archive}.${process.pid}`;
  await docker(["save", "--output", aside, tag]);
  await rename(aside, archive);
}

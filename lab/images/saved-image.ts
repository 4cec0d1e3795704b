import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory } from "../cache.ts";
import { docker } from "../docker/docker.ts";
import { exists } from "../exists.ts";
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
  const id = await docker(["image", "inspect", "--format", "{{.Id}}", tag]);
  const folder = join(cacheDirectory(), "images", name);
  const archive = join(folder, `${id.slice("sha256:".length)}.tar`);
  if (!(await exists(archive)))
    await withLabLock(async () => (await exists(archive)) || save(tag, folder, archive), `images-${name}`);
  await keepArchive(archive);
  return { tag, id, archive };
}

async function save(tag: string, folder: string, archive: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const aside = `${archive}.${process.pid}`;
  await docker(["save", "--output", aside, tag]);
  await rename(aside, archive);
}

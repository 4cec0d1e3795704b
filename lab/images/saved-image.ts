import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory } from "../cache.ts";
import { docker } from "../docker/docker.ts";
import { exists } from "../exists.ts";
import { withLabLock } from "../locks/lock.ts";

export type SavedImage = {
  /** In the Docker that runs the lab. */
  tag: string;
  /** `sha256:…` of its configuration: how a host names it once the archive is loaded. */
  id: string;
  /** Path of a `docker save` of it. */
  archive: string;
};

/** An image that is there by its tag, as an archive of its own. The one before it under the same name goes. */
export async function savedImage(name: string, tag: string): Promise<SavedImage> {
  const id = await docker(["image", "inspect", "--format", "{{.Id}}", tag]);
  const folder = join(cacheDirectory(), "images", name);
  const archive = join(folder, `${id.slice("sha256:".length)}.tar`);
  if (!(await exists(archive)))
    await withLabLock(async () => (await exists(archive)) || save(tag, folder, archive), `images-${name}`);
  return { tag, id, archive };
}

async function save(tag: string, folder: string, archive: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const aside = `${archive}.${process.pid}`;
  await docker(["save", "--output", aside, tag]);
  await rename(aside, archive);
}

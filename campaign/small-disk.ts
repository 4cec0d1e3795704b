import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** An ext4 file system of its own, which only root can mount. */
export type SmallDisk = AsyncDisposable & { path: string };

export async function smallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), "small-disk-"));
  const image = join(folder, "image");
  await makeExt4(image, mebibytes);
  const mounted = await mountImage(image, join(folder, "mounted"));
  return {
    path: mounted.path,
    async [Symbol.asyncDispose]() {
      await mounted[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Writes a new file system into a sparse file. A storage of small images needs many inodes. */
export async function makeExt4(image: string, mebibytes: number): Promise<void> {
  await writeFile(image, "");
  await truncate(image, mebibytes * 2 ** 20);
  await execa("mkfs.ext4", ["-q", "-m", "0", "-i", "4096", image]);
}

/** Mounts the file system in a file at a new folder, which it removes at the end. */
export async function mountImage(image: string, path: string): Promise<SmallDisk> {
  await mkdir(path);
  await execa("mount", ["-o", "loop", image, path]);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await execa("umount", [path]);
      await rm(path, { recursive: true });
    },
  };
}

/** Whether this user may mount one, and the machine has loop devices. */
export async function canMountSmallDisk(): Promise<boolean> {
  try {
    await using _ = await smallDisk(4);
    return true;
  } catch {
    return false;
  }
}

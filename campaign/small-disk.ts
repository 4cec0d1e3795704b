import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** An ext4 file system of its own, which only root can mount. */
type SmallDisk = AsyncDisposable & { path: string };

export async function smallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), "small-disk-"));
  const [image, path] = [join(folder, "image"), join(folder, "mounted")];
  await mkdir(path);
  await writeFile(image, "");
  await truncate(image, mebibytes * 2 ** 20);
  await execa("mkfs.ext4", ["-q", "-m", "0", image]);
  await execa("mount", ["-o", "loop", image, path]);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await execa("umount", [path]);
      await rm(folder, { recursive: true });
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

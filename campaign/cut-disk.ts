import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { makeExt4, mountImage, type SmallDisk, smallDisk } from "./small-disk.ts";

/** A file system that can be had as a loss of power would leave it. */
type CutDisk = SmallDisk & {
  /**
   * Mounts a copy of all that the file system had sent to its disk at one moment, while it is in use. What was still in
   * memory is missing in the copy, and mounting it replays its journal, as after a loss of power.
   */
  cut(): Promise<SmallDisk>;
};

/**
 * The disk is a file on another file system. That one is frozen for the moment of a copy: then the disk stands still, and
 * the file system on it neither notices nor writes what it has in memory.
 */
export async function cutDisk(mebibytes: number): Promise<CutDisk> {
  const below = await smallDisk(mebibytes + 64);
  const disk = join(below.path, "disk");
  await makeExt4(disk, mebibytes);
  const { path, ...mounted } = await mountImage(disk, `${below.path}-disk`);
  let copies = 0;
  return {
    path,
    async cut() {
      const copy = `${below.path}-copy-${++copies}`;
      await execa("fsfreeze", ["--freeze", below.path]);
      try {
        await execa("cp", ["--sparse=always", disk, copy]);
      } finally {
        await execa("fsfreeze", ["--unfreeze", below.path]);
      }
      const found = await mountImage(copy, `${copy}-mounted`);
      return {
        path: found.path,
        async [Symbol.asyncDispose]() {
          await found[Symbol.asyncDispose]();
          await rm(copy);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await mounted[Symbol.asyncDispose]();
      await below[Symbol.asyncDispose]();
    },
  };
}

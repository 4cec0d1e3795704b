import { storageCheckFiles } from "../backup/program.ts";
import { shellFiles, shellWord } from "../shell.ts";

export type StorageCheck = {
  /** The storage's path where the program runs. */
  storagePath: string;
  /** How much memory each of its processes may take, in MiB, beside a registry that shares its container's. @default any */
  memoryMib?: number;
};

/** The shell program that hashes every blob of a storage, and resolves every link and reference: what a backup's verification does. */
export function storageCheckProgram({ storagePath, memoryMib }: StorageCheck): string {
  const limit = memoryMib === undefined ? "" : `ulimit -v ${memoryMib * 1024}\n`;
  return (
    `storage=${shellWord(storagePath)}\n${limit}` +
    shellFiles(new URL("../backup/", import.meta.url), storageCheckFiles) +
    shellFiles(new URL("./", import.meta.url), ["whole-storage"])
  );
}

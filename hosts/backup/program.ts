import { shellFiles } from "../shell.ts";

const folder = new URL("./", import.meta.url);

/** Where the scratch registry runs that a verification pulls from. */
const scratchRegistry = { host: "scratch-registry-on-host", pod: "scratch-registry-in-pod" } as const;

/** The files of `check_storage`, which hashes every blob of a storage, and resolves every link and reference. */
export const storageCheckFiles = [
  "links.awk",
  "references.awk",
  "problems.awk",
  "hash-blobs",
  "check-storage",
] as const;

/** The backup program, for a registry host or for a pod beside the volume of a cluster's registry. */
export function backupProgram(where: keyof typeof scratchRegistry): string {
  return shellFiles(folder, [
    "common",
    "runs",
    "backup",
    ...storageCheckFiles,
    "pull-by-digest",
    scratchRegistry[where],
    "tag-needs",
    "restore-blobs",
    "verify",
    "verify-sample",
    "restore-tag",
    "restore",
    "main",
  ]);
}

/** The program of the second container of a pod that verifies a backup. */
export function scratchRegistryProgram(): string {
  return shellFiles(folder, ["serve-scratch"]);
}

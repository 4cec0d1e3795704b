import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** What to do instead, where no host of the stack holds the images. */
const otherWays = {
  cluster:
    "the images are in the cluster's volume or bucket, which this program does not back up; snapshot the volume with the cluster's tools, or turn on the bucket's versioning, and remove the key",
  hybrid: "the images are in this machine's Docker volume; back that volume up with the machine, and remove the key",
  existing: "an existing registry is backed up where it runs; remove the key",
};

/** Rules of `backup`. */
export function* validateBackup({ variant, backup }: StackKeys): Iterable<ValidationError> {
  if (backup === undefined) return;
  if (variant.kind !== "host") {
    yield { path: ["backup"], message: `needs variant host: ${otherWays[variant.kind]}` };
    return;
  }
  const { to } = backup;
  if (to.kind !== "directory") return;
  const within = (path: string, folder: string) => `${path}/`.startsWith(`${folder}/`);
  if (within(to.path, variant.storagePath) || within(variant.storagePath, to.path))
    yield {
      path: ["backup", "to", "path"],
      input: to.path,
      message: `lies in or above variant.storagePath, ${variant.storagePath}; take a folder on another disk, as in /mnt/backup/registry`,
    };
}

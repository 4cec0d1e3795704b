import type { StackKeys } from "../stack-keys.ts";
import type { ClusterVariant } from "../variants/cluster.ts";
import type { HostVariant } from "../variants/host.ts";
import type { ValidationError } from "./validation-error.ts";

type Backup = NonNullable<StackKeys["backup"]>;

/** Rules of `backup`. */
export function* validateBackup({ variant, backup }: StackKeys): Iterable<ValidationError> {
  if (backup === undefined) return;
  switch (variant.kind) {
    case "host":
      return yield* onHost(backup, variant);
    case "cluster":
      return yield* inCluster(backup, variant);
    case "hybrid":
      return yield elsewhere("the images are in this machine's Docker volume; back that volume up with the machine");
    case "existing":
      return yield elsewhere("an existing registry is backed up where it runs");
  }
}

function elsewhere(way: string): ValidationError {
  return { path: ["backup"], message: `needs variant host or cluster: ${way}, and remove the key` };
}

function* onHost({ to }: Backup, { storagePath }: HostVariant): Iterable<ValidationError> {
  if (to.kind !== "directory") return;
  const within = (path: string, folder: string) => `${path}/`.startsWith(`${folder}/`);
  if (within(to.path, storagePath) || within(storagePath, to.path))
    yield {
      path: ["backup", "to", "path"],
      input: to.path,
      message: `lies in or above variant.storagePath, ${storagePath}; take a folder on another disk, as in /mnt/backup/registry`,
    };
}

function* inCluster({ to }: Backup, { storage }: ClusterVariant): Iterable<ValidationError> {
  if (storage.kind === "s3")
    yield {
      path: ["backup"],
      message:
        'needs storage on a volume: restic copies files; turn on the bucket\'s versioning or copy it to another one (docs/storage.md, "A bucket"), and remove the key',
    };
  else if (storage.accessMode === "ReadWriteMany")
    yield {
      path: ["backup"],
      message:
        "needs storage with accessMode ReadWriteOnce: a pod of another node sees files late, and could copy an image without a layer; back the shared file system up where it is served, and remove the key",
    };
  if (to.kind === "directory")
    yield {
      path: ["backup", "to", "kind"],
      input: to.kind,
      message: "a pod has no disk besides the registry's volume, which backups must outlive; use kind sftp or s3",
    };
}

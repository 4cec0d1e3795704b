import { diskUseScript } from "../../../render/collection/disk-use.ts";
import type { DiskRecord } from "../../health/growth.ts";
import type { LiveStack } from "../../live-stack.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";

/** The file system that holds the images, in bytes. */
export type Disk = {
  path: string;
  size: number;
  used: number;
  free: number;
  /** What all blobs take, and what those take that were collected and can be put back. */
  blobs: number;
  trash: number;
  records: readonly DiskRecord[];
};

/** Asks the host; undefined for variants whose images are on no host of the stack. */
export async function hostDisk({
  settings: { variant },
  secrets,
}: Pick<LiveStack, "settings" | "secrets">): Promise<Disk | undefined> {
  if (variant.kind !== "host") return undefined;
  const { connection, storagePath } = variant;
  await using machine = await openMachine(connection, secrets);
  return diskIn(await machine.run(diskUseScript(storagePath)), storagePath);
}

/** Reads the portable format of df, which has one line for the file system, and what the script prints after it. */
export function diskIn(text: string, path: string): Disk {
  const [, size, used, free] = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+\d+%\s/.exec(text) ?? [];
  if (size === undefined) throw new OperationError(`df of ${path} says nothing that can be read`);
  const records = [...text.matchAll(/^record (\S+Z) (\d+) /gm)].map(([, at = "", used]) => ({
    at: new Date(at),
    used: Number(used),
  }));
  const bytes = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
  return {
    ...{ path, size: Number(size) * 1024, used: Number(used) * 1024, free: Number(free) * 1024 },
    ...{ blobs: bytes("blobs"), trash: bytes("trash") },
    records: records.filter(({ at }) => !Number.isNaN(at.getTime())),
  };
}

import { shellWord } from "../../../hosts/shell.ts";
import type { LiveStack } from "../../live-stack.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";

/** The file system that holds the images, in bytes. */
export type Disk = { path: string; size: number; used: number; free: number };

/** Asks the host's `df`; undefined for variants whose images are on no host of the stack. */
export async function hostDisk({
  settings: { variant },
  secrets,
}: Pick<LiveStack, "settings" | "secrets">): Promise<Disk | undefined> {
  if (variant.kind !== "host") return undefined;
  const { connection, storagePath } = variant;
  await using machine = await openMachine(connection, secrets);
  return diskIn(await machine.run(`df -P -k -- ${shellWord(storagePath)}\n`), storagePath);
}

/** Reads the portable format of POSIX, which has one line for the file system. */
export function diskIn(text: string, path: string): Disk {
  const [, size, used, free] = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+\d+%\s/.exec(text) ?? [];
  if (size === undefined) throw new OperationError(`df of ${path} says nothing that can be read`);
  return { path, size: Number(size) * 1024, used: Number(used) * 1024, free: Number(free) * 1024 };
}

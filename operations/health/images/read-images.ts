import { z } from "zod";
import { storageCheckProgram } from "../../../hosts/health/storage-check.ts";
import { problemsIn } from "../../backup/problems.ts";
import type { StorageTarget } from "./storage-target.ts";

/** How much was read. */
export const ReadImages = z.strictObject({
  blobs: z.int(),
  bytes: z.int(),
  /** How many tags were resolved. */
  tags: z.int(),
  seconds: z.int(),
});

type Reading = { problems: ReturnType<typeof problemsIn>["problems"]; read: z.output<typeof ReadImages> };

/** Hashes every blob of a storage where it lies, and resolves every reference. `onLine` gets lines that tell how far it is. */
export async function readImages(target: StorageTarget, onLine: (line: string) => void): Promise<Reading> {
  const { problems, summary } = problemsIn(await target.run(storageCheckProgram(target), onLine));
  return { problems, read: ReadImages.parse(summary) };
}

import { z } from "zod";

/** What `registry usage --json` prints. Sizes are in bytes. Fields may be added, none is removed. */
export const Usage = z.object({
  repositories: z.array(
    z.object({
      name: z.string(),
      tags: z.int(),
      images: z.int(),
      size: z.int(),
      alone: z.int(),
      shared: z.int(),
    }),
  ),
  /** All repositories together: each blob counts once. */
  size: z.int(),
  /** Of variant host, where its machine could be asked. */
  disk: z
    .object({
      path: z.string(),
      size: z.int(),
      used: z.int(),
      free: z.int(),
      /** What was collected and can be put back: `registry collect --purge-trash` frees it. */
      trash: z.int(),
      /** Stored blobs that no tag leads to; missing where a repository could not be read. */
      untagged: z.int().optional(),
      /** What is neither a blob nor in the trash: other programs' files on this file system, and the small files beside blobs. */
      others: z.int(),
      /** By what earlier runs found; missing until that covers two days. */
      growthPerDay: z.int().optional(),
      /** Missing where the growth is unknown, or there is none. */
      daysUntilFull: z.int().optional(),
    })
    .optional(),
  /**
   * What `registry retain` would delete, if the stack file has rules and its cluster could be asked. `untagged`: how many
   * manifests without a tag, where a rule has `untaggedAfter` and the storage could be asked; their bytes count only then.
   */
  retention: z.object({ tags: z.int(), untagged: z.int().optional(), freedBytes: z.int() }).optional(),
});

export type Usage = z.output<typeof Usage>;

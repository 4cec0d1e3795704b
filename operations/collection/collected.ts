import { z } from "zod";

const Count = z.int().min(0);

/** What one run of the collector did: the document that `registry collect --json` prints. */
export const Collected = z.strictObject({
  blobs: Count.describe("How many blobs the storage has"),
  candidates: Count.describe("How many of them no manifest referenced, and were old enough"),
  movedBlobs: Count.describe("How many of these are in the trash now"),
  bytes: Count.describe("Their size, or with --dry-run that of the candidates"),
  putBack: Count.describe("How many blobs came back from the trash: by --undo, or since a manifest references them"),
  emptiedBytes: Count.describe("How much the trash gave free"),
  longestHoldMilliseconds: Count.describe("How long writes waited at most"),
});

export type Collected = z.output<typeof Collected>;

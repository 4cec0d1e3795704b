import { z } from "zod";
import { DailySchedule } from "./formats/schedule.ts";

/** When the registry's garbage is collected, and how long it can be put back. */
export const GarbageCollection = z
  .strictObject({
    schedule: DailySchedule.default("03:00").describe(
      "When it begins, in UTC: every day, or on one day of the week; up to half an hour later",
    ),
    graceDays: z
      .int("a whole number of days")
      .min(1, "1 or more")
      .max(365, "365 or less")
      .default(7)
      .describe("How many days `registry collect --undo` can put back what was collected"),
  })
  .optional()
  .describe(
    "Frees the space of deleted images, while clients push and pull: on a host with Caddy, in a cluster on a ReadWriteOnce volume",
  );

export type GarbageCollection = NonNullable<z.output<typeof GarbageCollection>>;

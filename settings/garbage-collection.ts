import { z } from "zod";

/** When the registry's garbage is collected, and how long it can be put back. */
export const GarbageCollection = z
  .strictObject({
    schedule: z
      .string()
      .regex(/^((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?([01]\d|2[0-3]):[0-5]\d$/, "a time in UTC, as in 03:00 or Sun 03:00")
      .meta({ examples: ["03:00", "Sun 03:00"] })
      .default("03:00")
      .describe("When it begins, in UTC: every day, or on one day of the week; up to half an hour later"),
    graceDays: z
      .int("a whole number of days")
      .min(1, "1 or more")
      .max(365, "365 or less")
      .default(7)
      .describe("How many days `registry collect --undo` can put back what was collected"),
  })
  .optional()
  .describe("Frees the space of deleted images, while clients push and pull");

export type GarbageCollection = NonNullable<z.output<typeof GarbageCollection>>;

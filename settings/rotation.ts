import { z } from "zod";
import { AccountName, Day } from "./accounts.ts";

const Rotation = z
  .strictObject({
    generation: z.int("a whole number").min(1, "1 or more").describe("Which password: one more with every rotation"),
    on: Day.describe("The day it was made, UTC"),
    keepsPrevious: z
      .boolean()
      .default(false)
      .describe("Whether the password before it still opens the registry; consumers have the new one"),
  })
  .describe("One account's generated password");

export type Rotation = z.output<typeof Rotation>;

/** Which password each account has, by account; `registry rotate` and `registry revoke` write it. */
export const Rotations = z
  .record(AccountName, Rotation)
  .default({})
  .describe("Which password each account has, by account; written by `registry rotate` and `registry revoke`");

export type Rotations = z.output<typeof Rotations>;

/** How old a password may get before `pulumi preview` says that it is due. */
export const RotateEvery = z
  .string()
  .regex(/^[1-9]\d{0,3}d$/, "a number of days, as in 90d")
  .meta({ examples: ["90d"] })
  .optional()
  .describe("How old a password may get before previews say that it is due; `registry rotate` makes another");

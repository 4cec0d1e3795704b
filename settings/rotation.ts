import { z } from "zod";
import { AccountName, Day } from "./accounts.ts";

const Rotation = z
  .strictObject({
    generation: z.int("a whole number").min(1, "1 or more").describe("Which password: one more with every rotation"),
    // Not `on`, which is a boolean to YAML 1.1.
    date: Day.describe("The day it was made, UTC"),
    previous: z
      .enum(["given-out", "kept", "gone"])
      .default("gone")
      .describe(
        "What of the password before it: both work and consumers still have it (given-out), both work and they have the new one (kept), or it is refused (gone)",
      ),
  })
  .describe("One account's password");

export type Rotation = z.output<typeof Rotation>;

/** Which password each account has, by account; `registry rotate` and `registry revoke` write it. */
export const Rotations = z
  .record(AccountName, Rotation)
  .default({})
  .describe("Which password each account has, by account; written by `registry rotate` and `registry revoke`");

export type Rotations = z.output<typeof Rotations>;

/** An account's entry. Not by index alone: an account may be called `constructor`, which every object has. */
export function rotationOf(rotations: Rotations, account: string): Rotation | undefined {
  return Object.hasOwn(rotations, account) ? rotations[account] : undefined;
}

/** How old a password may get before `pulumi preview` says that it is due. */
export const RotateEvery = z
  .string()
  .regex(/^[1-9]\d{0,3}d$/, "a number of days, as in 90d")
  .meta({ examples: ["90d"] })
  .optional()
  .describe("How old a password may get before previews say that it is due; `registry rotate` makes another");

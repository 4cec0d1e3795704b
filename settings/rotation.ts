import { z } from "zod";
import { AccountName, Day } from "./accounts.ts";

/** Words that `previous` had before, for stack files that still have them. */
const formerWords = { "given-out": "current", kept: "valid", gone: "revoked" } as const; // written by version 0.1

const states = ["current", "valid", "revoked"] as const;

/** Whether an account's previous password still works, and whether consumers still get it. */
const PreviousPassword = z
  .enum([...states, ...keysOf(formerWords)], { error: `one of ${states.join(", ")}` })
  .transform((word) => (isFormer(word) ? formerWords[word] : word))
  .default("revoked")
  // The schema for editors does not offer the former words, though they are still accepted.
  .meta({ enum: [...states] })
  .describe(
    "The state of the password before it: consumers still get it, and both work (current); consumers get the new one, and both work (valid); it is refused (revoked)",
  );

const Rotation = z
  .strictObject({
    generation: z.int("a whole number").min(1, "1 or more").describe("The password's number: each rotation adds 1"),
    // The key is not called `on`, since YAML 1.1 reads that word as a boolean.
    date: Day.describe("The day the password was generated, UTC"),
    previous: PreviousPassword,
  })
  .describe("One account's password");

export type Rotation = z.output<typeof Rotation>;

/**
 * For each account, by name: the generation and date of its current password, and whether the previous one still
 * works. `registry rotate` and `registry revoke` write these entries.
 */
export const Rotations = z
  .record(AccountName, Rotation)
  .default({})
  .describe("Which password each account has, by account; written by `registry rotate` and `registry revoke`");

export type Rotations = z.output<typeof Rotations>;

/**
 * The entry of an account, or undefined. Checks own properties only: an account may be called `constructor`, and every
 * object inherits a property of that name.
 */
export function rotationOf(rotations: Rotations, account: string): Rotation | undefined {
  return Object.hasOwn(rotations, account) ? rotations[account] : undefined;
}

/** How old a password may get before `pulumi preview` warns that it should be rotated. */
export const RotateEvery = z
  .string()
  .regex(/^[1-9]\d{0,3}d$/, "a number of days, as in 90d")
  .meta({ examples: ["90d"] })
  .optional()
  .describe("How old a password may get before previews warn that it should be rotated, with `registry rotate`");

/** The day (UTC) from which a password of this date is older than `rotateEvery`. */
export function rotateBy(date: string, rotateEvery: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + Number.parseInt(rotateEvery, 10));
  return day.toISOString().slice(0, 10);
}

function keysOf<T extends object>(words: T): (keyof T)[] {
  return Object.keys(words) as (keyof T)[];
}

function isFormer(word: string): word is keyof typeof formerWords {
  return Object.hasOwn(formerWords, word);
}

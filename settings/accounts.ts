import { z } from "zod";
import { RepositoryGlob } from "./formats/repository-glob.ts";

export const AccountName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "up to 63 of a-z, 0-9 and . _ -, first a letter or digit, as in team-a")
  .refine((name) => name !== "anonymous", "stands for clients without credentials; take another name, as in guest")
  // Where basic_auth lists user names, Caddy reads `import` as its own directive, even in quotes.
  .refine((name) => name !== "import", "is a word of Caddy's configuration; take another name, as in importer")
  .meta({ examples: ["jenkins", "team-a", "robot_user", "first.last"] });

/**
 * What follows the day in 2027-03-31 00:00:00 +0000 UTC. YAML reads an unquoted day as a timestamp, and Pulumi passes
 * a timestamp on in this format of Go.
 */
const goSpelling = / 00:00:00 \+0000 UTC$/;

/** A day in UTC, as in 2027-03-31. */
export const Day = z
  .string()
  .refine((text) => isDay(text.replace(goSpelling, "")), "a day of the calendar, as in 2027-03-31")
  .transform((text) => text.replace(goSpelling, ""))
  .meta({ examples: ["2027-03-31"] });

/**
 * An account, and which repositories it may push, pull and delete. The globs match whole repository names, path prefix
 * included.
 */
export const Account = z
  .strictObject({
    name: AccountName.describe("Who logs in"),
    push: z.array(RepositoryGlob).default([]).describe("What it may push, and so pull"),
    pull: z.array(RepositoryGlob).default([]).describe("What it may pull where pulls need credentials"),
    delete: z.array(RepositoryGlob).default([]).describe("What it may delete; neither push nor pull follow from it"),
    expires: Day.optional().describe("The last day it works, UTC"),
  })
  .describe("Who may do what. The password is generated unless the secret `passwords` has one");

export type Account = z.output<typeof Account>;

function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

import { z } from "zod";
import { RepositoryGlob } from "./formats/repository-glob.ts";
import { TagGlob } from "./formats/tag-glob.ts";

const count = z.int("a whole number").min(1, "1 or more");

/**
 * Which images stay in some repositories. A tag stays if one of the fields keeps it; without `keepLast`, `keepDays` and
 * `keepTags` every tag does.
 */
export const RetentionRule = z
  .strictObject({
    repositories: RepositoryGlob.describe("Which repositories; for each, the first rule that matches it counts"),
    keepLast: count
      .optional()
      .describe(
        "How many of the newest images of each repository stay, by their date; an image with several tags counts once",
      ),
    keepDays: count.optional().describe("For how many days an image stays, from the date that its build wrote into it"),
    keepTags: z.array(TagGlob).min(1, "at least one tag").optional().describe("Tags that stay whatever their age"),
    untaggedAfter: count
      .optional()
      .describe("How many days after its last push a manifest goes that no tag leads to; they stay unless given"),
  })
  .refine((rule) => (rule.keepLast ?? rule.keepDays ?? rule.keepTags ?? rule.untaggedAfter) !== undefined, {
    error: "says nothing; say what stays: keepLast, keepDays or keepTags; or what goes: untaggedAfter",
  })
  .describe("Which images `registry retain` keeps; repositories that no rule matches keep all of them");

export type RetentionRule = z.output<typeof RetentionRule>;

export const Retention = z.array(RetentionRule).default([]).describe("Which images `registry retain` keeps");

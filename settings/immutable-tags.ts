import { z } from "zod";
import { RepositoryGlob } from "./formats/repository-glob.ts";
import { TagGlob } from "./formats/tag-glob.ts";

/** `REPOSITORY:TAG`, with a repository glob and a tag glob. */
const ImmutableTag = z
  .string()
  .refine((entry) => problemOf(entry) === undefined, { error: ({ input }) => problemOf(String(input)) })
  .meta({ examples: ["**:v*", "docker-internal/team-a/**:*-release", "shop:1.0"] });

/** Tags that the proxy neither overwrites nor deletes. */
export const ImmutableTags = z
  .array(ImmutableTag)
  .default([])
  .describe(
    "Tags that nobody overwrites or deletes once they are there: `REPOSITORY:TAG`, the repository as in `accounts`; in a tag `*` is any characters (docs/storage.md)",
  );

/** The two globs of a valid entry. */
export function splitImmutableTag(entry: string): { repository: string; tag: string } {
  const colon = entry.indexOf(":");
  return { repository: entry.slice(0, colon), tag: entry.slice(colon + 1) };
}

function problemOf(entry: string): string | undefined {
  if (!entry.includes(":")) return "has no tag; a repository and a tag with a colon between them, as in team-a/**:v*";
  const { repository, tag } = splitImmutableTag(entry);
  return (
    RepositoryGlob.safeParse(repository).error?.issues[0]?.message ?? TagGlob.safeParse(tag).error?.issues[0]?.message
  );
}

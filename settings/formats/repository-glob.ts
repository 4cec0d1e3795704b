import { z } from "zod";

/** One path segment of a repository name, as the OCI distribution specification defines it. */
const segmentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** The longest repository name, in characters, that the registry software (distribution) accepts. */
const longestName = 255;

/**
 * A pattern for whole repository names, path prefix included: `*` is exactly one segment, `**` any number of them.
 * `a/**` is everything below `a`, not `a` itself.
 */
export const RepositoryGlob = z
  .string()
  .max(longestName, `at most ${longestName} characters, the longest name a registry takes`)
  .refine((glob) => validateGlob(glob) === undefined, { error: ({ input }) => validateGlob(String(input)) })
  .meta({
    description: "Whole repository names; `*` is one segment, `**` any number of them",
    examples: ["**", "docker-internal/team-a/**", "docker-internal/*/base"],
  });

function validateGlob(glob: string): string | undefined {
  const segment = glob.split("/").find((each) => each !== "*" && each !== "**" && !segmentPattern.test(each));
  if (segment === undefined) return undefined;
  if (segment === "")
    return "holds an empty segment; a whole repository name without leading, trailing or double slashes, as in team-a/**";
  if (segment.includes("*"))
    return "mixes text and wildcard in one segment; * and ** stand for whole segments, as in team-a/*/base";
  return "is no repository path; lower-case letters and digits with single . _ - between them, as in team-a/**";
}

/** Path segments between registry host and image name; may be empty. */
export const PathPrefix = z
  .string()
  .max(200, "at most 200 characters: with the image's own name it must stay below 255")
  .refine((prefix) => prefix === "" || prefix.split("/").every((segment) => segmentPattern.test(segment)), {
    error: "lower-case path segments without leading or trailing slash, as in docker-internal/p2c",
  })
  .meta({ examples: ["docker-internal/p2c"] });

/** Whether the glob can match a repository below the path prefix. */
export function reachesBelow(glob: string, prefix: string): boolean {
  const below = prefix === "" ? [] : prefix.split("/");
  return reaches(glob.split("/"), below);
}

function reaches([first, ...rest]: string[], below: string[]): boolean {
  const [segment, ...deeper] = below;
  if (segment === undefined) return first !== undefined;
  if (first === "**") return true;
  return first !== undefined && (first === "*" || first === segment) && reaches(rest, deeper);
}

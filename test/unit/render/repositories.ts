import fc from "../../properties.ts";

/** Close relatives for the most part, so that globs and names meet often. */
const segment = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "b", "ab", "a.b", "a-b", "a__b", "base") },
  {
    weight: 1,
    arbitrary: fc.stringMatching(/^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/).filter((name) => name.length <= 20),
  },
);

/** Names of repositories. */
export const repository = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join("/"));

/** Globs of repositories. */
export const glob = fc
  .array(fc.oneof(segment, fc.constantFrom("*", "**")), { minLength: 1, maxLength: 5 })
  .map((segments) => segments.join("/"));

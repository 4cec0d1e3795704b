import { describe, expect, it } from "vitest";
import { globPattern } from "../../../render/proxy/globs.ts";
import fc from "../../properties.ts";
import { globMatches } from "./glob-model.ts";
import { glob, repository } from "./repositories.ts";

const matches = (pattern: string, name: string) => new RegExp(`^${globPattern(pattern)}$`).test(name);

describe("globPattern", () => {
  it.each([
    ["**", "app", true],
    ["**", "a/b/c", true],
    ["*", "app", true],
    ["*", "a/b", false],
    ["team-a/**", "team-a", false],
    ["team-a/**", "team-a/app", true],
    ["team-a/**", "team-a/b/c/d", true],
    ["team-a/**", "team-ab/app", false],
    ["team-a/**", "x/team-a/app", false],
    ["team-a/*", "team-a/app", true],
    ["team-a/*", "team-a/b/c", false],
    ["*/base", "team-a/base", true],
    ["*/base", "base", false],
    ["**/base", "base", true],
    ["**/base", "a/b/base", true],
    ["**/base", "a/database", false],
    ["a/**/z", "a/z", true],
    ["a/**/z", "a/b/c/z", true],
    ["a/**/z", "az", false],
    ["a.b/c", "a.b/c", true],
    ["a.b/c", "axb/c", false],
  ])("%s and %s: %s", (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  it("agrees with segments compared one by one", () => {
    fc.assert(
      fc.property(glob, repository, (pattern, name) => {
        expect(matches(pattern, name)).toBe(globMatches(pattern, name));
      }),
      { numRuns: 5000 },
    );
  });

  it("of a name is that name alone", () => {
    fc.assert(fc.property(repository, repository, (pattern, name) => matches(pattern, name) === (pattern === name)));
  });
});

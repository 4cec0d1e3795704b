import { describe, expect, it } from "vitest";
import { repositoryMatches, tagMatches } from "../../../../operations/contents/globs.ts";
import { createdOf, type Keep, keptTags } from "../../../../operations/deletion/retention.ts";
import { globMatches } from "../../render/glob-model.ts";
import { digest, referrerTag, repositoryOf } from "./contents.ts";

const now = new Date("2027-01-31T12:00:00Z");
const day = (of: number) => ({ created: `2027-01-${String(of).padStart(2, "0")}T12:00:00Z` });

const repository = repositoryOf(
  { 1: day(1), 2: day(2), 3: day(30), 4: {}, 5: { created: "1970-01-01T00:00:00Z" }, 6: day(1) },
  { v1: 1, v2: 2, v3: 3, latest: 3, undated: 4, reproducible: 5, [referrerTag(1, ".sig")]: 6 },
);

const retained = (keep: Keep) => Object.fromEntries(keptTags(repository, repository.tags, keep, now));

const undated = { undated: "has no date", reproducible: "has no date" };

describe("a retention rule", () => {
  it("keeps the newest images with all their tags", () => {
    const reason = "is among the newest 2";
    expect(retained({ keepLast: 2 })).toEqual({ v2: reason, v3: reason, latest: reason, ...undated });
  });

  it("keeps images for days, the last one included", () => {
    const reason = "is not older than 29 days";
    expect(retained({ keepDays: 29 })).toEqual({ v2: reason, v3: reason, latest: reason, ...undated });
    expect(Object.keys(retained({ keepDays: 28 }))).not.toContain("v2");
  });

  it("keeps tags by glob, and without another field no others, dated or not", () => {
    expect(retained({ keepTags: ["latest", "v1*"] })).toEqual({ latest: "matches latest", v1: "matches v1*" });
  });

  it("keeps what one of its fields keeps, and says each", () => {
    expect(retained({ keepLast: 1, keepDays: 1, keepTags: ["v*"] })).toEqual({
      v1: "matches v*",
      v2: "matches v*",
      v3: "matches v*, is among the newest 1, is not older than 1 day",
      latest: "is among the newest 1, is not older than 1 day",
      ...undated,
    });
  });

  it("keeps nothing without a field, as delete --match does", () => {
    expect(retained({})).toEqual({});
  });
});

it("an index is as new as the newest of its children", () => {
  const index = repositoryOf({ 1: day(1), 2: day(9), 10: { children: [1, 2, 3] } }, { v1: 10 });
  expect(createdOf(index, digest(10))).toEqual(new Date("2027-01-09T12:00:00Z"));
});

it.each([
  ["v*", "v1", true],
  ["v*", "v", true],
  ["v*", "rev1", false],
  ["*-rc*", "1.0-rc.1", true],
  ["1.0", "1x0", false],
  ["*", "anything", true],
])("tag glob %s matches %s: %s", (glob, tag, matches) => {
  expect(tagMatches(glob, tag)).toBe(matches);
});

it.each(["**", "a/**", "a/*", "*/b", "a/**/b"])("repository glob %s means what it means for accounts", (glob) => {
  for (const name of ["a", "a/b", "a/b/b", "b", "c/b"])
    expect(repositoryMatches(glob, name)).toBe(globMatches(glob, name));
});

import { describe, expect, it } from "vitest";
import {
  referencesIn,
  selectByRules,
  selectMatching,
  selectReferences,
} from "../../../../operations/deletion/selection.ts";
import { digest, referrerTag, repositoryOf } from "./contents.ts";

const now = new Date("2027-01-31T12:00:00Z");
const old = { created: "2026-01-01T00:00:00Z" };
const fresh = { created: "2027-01-30T00:00:00Z" };
const contents = {
  repositories: ["team-a/app", "team-b/app"].map((name) =>
    repositoryOf(
      { 1: old, 2: fresh, 3: old, 9: {} },
      { "pr-1": 1, "pr-2": 2, main: 3, [referrerTag(1, ".sig")]: 9 },
      name,
    ),
  ),
};

const tagsOf = (selection: ReturnType<typeof selectMatching>) =>
  Object.fromEntries([...selection].map(([name, { tags }]) => [name, [...tags]]));

describe("references", () => {
  it("are tags and digests of repositories, with or without the registry's host", () => {
    const found = referencesIn(
      [
        "team-a/app:v1",
        "registry.example.org:5000/team-a/app:v2",
        `team-b/app@${digest(1)}`,
        `team-b/app:v1@${digest(2)}`,
      ],
      "registry.example.org:5000",
    );
    expect([...found]).toEqual([
      ["team-a/app", { tags: new Set(["v1", "v2"]), digests: new Set() }],
      ["team-b/app", { tags: new Set(), digests: new Set([digest(1), digest(2)]) }],
    ]);
  });

  it.each(["team-a/app", "", "Team-A/app:v1", "app@sha256:12", "other.example.org:5000/app:v1"])(
    "are not %j",
    (text) => {
      expect(() => referencesIn([text], "registry.example.org")).toThrow("names no image; REPOSITORY:TAG");
    },
  );

  it("must all be there", () => {
    const references = referencesIn(
      ["team-a/app:main", "team-a/app:typo", "team-c/app:v1", `team-a/app@${digest(8)}`],
      "",
    );
    expect(() => selectReferences(contents, references)).toThrow(
      `the registry has no team-a/app:typo, no team-a/app@${digest(8)}, no team-c/app:v1, or no tag leads there; nothing was deleted`,
    );
  });
});

describe("delete --match", () => {
  it("takes every tag of matching repositories, but none that belongs to a manifest", () => {
    expect(tagsOf(selectMatching(contents, "team-a/*", {}, now))).toEqual({ "team-a/app": ["pr-1", "pr-2", "main"] });
  });

  it("may name tags too, and leaves the newest and the young", () => {
    expect(tagsOf(selectMatching(contents, "**:pr-*", {}, now))).toEqual({
      "team-a/app": ["pr-1", "pr-2"],
      "team-b/app": ["pr-1", "pr-2"],
    });
    for (const keep of [{ keepLast: 1 }, { keepDays: 30 }])
      expect(tagsOf(selectMatching(contents, "team-a/**:pr-*", keep, now))).toEqual({ "team-a/app": ["pr-1"] });
  });
});

describe("retention rules", () => {
  it("count in their order, and repositories without a rule are left alone", () => {
    const rules = [
      { repositories: "team-a/**", keepTags: ["main"] },
      { repositories: "**", keepDays: 30 },
    ];
    expect(tagsOf(selectByRules(contents, rules, now))).toEqual({
      "team-a/app": ["pr-1", "pr-2"],
      "team-b/app": ["pr-1", "main"],
    });
    expect(tagsOf(selectByRules(contents, rules.slice(0, 1), now))).toEqual({ "team-a/app": ["pr-1", "pr-2"] });
  });
});

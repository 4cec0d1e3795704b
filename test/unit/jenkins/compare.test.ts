import { describe, expect, it } from "vitest";
import { compare, type Found, type Step } from "../../../jenkins/compare.ts";
import type { JenkinsCredential } from "../../../jenkins/credential.ts";

const rule = { stack: "container-registry/team", adopt: false };
const wanted: JenkinsCredential = {
  id: "a",
  kind: "username-password",
  username: "ci",
  password: "secret",
  description: "ours",
};
const found: Found = {
  id: "a",
  kind: "username-password",
  username: "ci",
  description: "ours [container-registry/team]",
};

function steps(there: Found[], { adopt = false, entries = [wanted] } = {}) {
  const { steps, refusals } = compare(entries, there, { ...rule, adopt });
  return { steps: steps.map(({ deed, entry, why }: Step) => [deed, entry.id, why]), refusals };
}

describe("compare", () => {
  it.each<[string, Found[], unknown[]]>([
    ["creates what is missing", [], ["create", "a", "missing"]],
    ["keeps what is as it is wanted", [found], ["keep", "a", ""]],
    ["updates another user name", [{ ...found, username: "x" }], ["update", "a", "another user name"]],
    ["updates another type", [{ ...found, kind: "secret-text", username: undefined }], ["update", "a", "another type"]],
    [
      "updates a type that no stack makes",
      [{ ...found, kind: undefined, username: undefined }],
      ["update", "a", "another type"],
    ],
    [
      "updates another description",
      [{ ...found, description: "by hand [container-registry/team]" }],
      ["update", "a", "another description"],
    ],
    [
      "creates beside the same id in another domain",
      [{ ...found, domain: "other", description: "" }],
      ["create", "a", "missing"],
    ],
  ])("%s", (_what, there, step) => {
    expect(steps(there)).toEqual({ steps: [step], refusals: [] });
  });

  it("removes what this stack made and does not want any more, and nothing else", () => {
    const others = [
      { ...found, id: "b" },
      { ...found, id: "c", domain: "registry" },
      { ...found, id: "by-hand", description: "" },
      { ...found, id: "theirs", description: "[container-registry/other]" },
      { ...found, id: "quoted", description: "[container-registry/team] they said" },
    ];
    expect(steps([found, ...others])).toEqual({
      steps: [
        ["keep", "a", ""],
        ["remove", "b", "no longer wanted"],
        ["remove", "c", "no longer wanted"],
      ],
      refusals: [],
    });
  });

  it("refuses what somebody made by hand, and says how to take it over", () => {
    expect(steps([{ ...found, description: "by hand" }])).toEqual({
      steps: [],
      refusals: [
        "a is there, and this stack did not make it; take it over with jenkins.adopt: true, or take another id",
      ],
    });
  });

  it("takes it over where the stack says adopt", () => {
    expect(steps([{ ...found, description: "by hand" }], { adopt: true }).steps).toEqual([
      ["update", "a", "another description"],
    ]);
  });

  it("takes nothing from another stack, whatever it says", () => {
    const theirs = { ...found, description: "[container-registry/other]" };
    expect(steps([theirs], { adopt: true })).toEqual({
      steps: [],
      refusals: ["a belongs to the stack container-registry/other; take another id, or have that stack give it up"],
    });
  });

  it("does not ask for the same user name of a text", () => {
    const entry: JenkinsCredential = { id: "a", kind: "secret-text", secret: "s", description: "ours" };
    expect(steps([{ ...found, kind: "secret-text", username: undefined }], { entries: [entry] }).steps).toEqual([
      ["keep", "a", ""],
    ]);
  });
});

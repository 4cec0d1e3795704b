import { describe, expect, it } from "vitest";
import { compare, type EntriesWithoutId, type Found, type Step } from "../../../jenkins/compare.ts";
import type { JenkinsCredential } from "../../../jenkins/credential.ts";

const owner = { id: "aaaaaaaaaaaaaaaa", stack: "container-registry/team", takeOverFrom: [] as string[] };
/** As two clones of the repository have the same stack. */
const sameName = "[container-registry/team bbbbbbbbbbbbbbbb]";
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
  description: "ours [container-registry/team aaaaaaaaaaaaaaaa]",
};

type Given = { adopt?: boolean; entries?: JenkinsCredential[]; takeOverFrom?: string[]; withoutId?: EntriesWithoutId };

function steps(there: Found[], { adopt = false, entries = [wanted], takeOverFrom = [], withoutId }: Given = {}) {
  const { steps, errors } = compare(entries, there, { owner: { ...owner, takeOverFrom }, withoutId, adopt });
  return { steps: steps.map(({ action, entry, why }: Step) => [action, entry.id, why]), errors };
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
      [{ ...found, description: "by hand [container-registry/team aaaaaaaaaaaaaaaa]" }],
      ["update", "a", "another description"],
    ],
    [
      "marks anew what the stack made under another name",
      [{ ...found, description: "ours [container-registry/former aaaaaaaaaaaaaaaa]" }],
      ["update", "a", "another description"],
    ],
    [
      "creates beside the same id in another domain",
      [{ ...found, domain: "other", description: "" }],
      ["create", "a", "missing"],
    ],
  ])("%s", (_what, there, step) => {
    expect(steps(there)).toEqual({ steps: [step], errors: [] });
  });

  it("removes what this stack made and does not want any more, and nothing else", () => {
    const others = [
      { ...found, id: "b" },
      { ...found, id: "c", domain: "registry" },
      { ...found, id: "by-hand", description: "" },
      { ...found, id: "theirs", description: sameName },
      { ...found, id: "without-id", description: "[container-registry/team]" },
      { ...found, id: "quoted", description: "[container-registry/team] they said" },
    ];
    expect(steps([found, ...others])).toEqual({
      steps: [
        ["keep", "a", ""],
        ["remove", "b", "no longer wanted"],
        ["remove", "c", "no longer wanted"],
      ],
      errors: [],
    });
  });

  it("refuses what somebody made by hand, and says how to take it over", () => {
    expect(steps([{ ...found, description: "by hand" }])).toEqual({
      steps: [],
      errors: ["a is there, and this stack did not make it; take it over with jenkins.adopt: true, or take another id"],
    });
  });

  it("takes it over where the stack says adopt", () => {
    expect(steps([{ ...found, description: "by hand" }], { adopt: true }).steps).toEqual([
      ["update", "a", "another description"],
    ]);
  });

  it("takes nothing from another owner of the same name, and says how to take over from a lost state", () => {
    expect(steps([{ ...found, description: sameName }], { adopt: true })).toEqual({
      steps: [],
      errors: [
        "a belongs to the stack container-registry/team (owner bbbbbbbbbbbbbbbb); take another id, or destroy that stack; where its state is lost, have this one take over: takeOverFrom: [bbbbbbbbbbbbbbbb] in the stack file",
      ],
    });
  });

  it("takes over from an owner that the stack names, and marks it as its own", () => {
    const theirs = [sameName, sameName].map((description, i) => ({ ...found, id: i === 0 ? "a" : "b", description }));
    expect(steps(theirs, { takeOverFrom: ["bbbbbbbbbbbbbbbb"] })).toEqual({
      steps: [
        ["update", "a", "another description"],
        ["remove", "b", "no longer wanted"],
      ],
      errors: [],
    });
  });

  it("does not ask for the same user name of a text", () => {
    const entry: JenkinsCredential = { id: "a", kind: "secret-text", secret: "s", description: "ours" };
    expect(steps([{ ...found, kind: "secret-text", username: undefined }], { entries: [entry] }).steps).toEqual([
      ["keep", "a", ""],
    ]);
  });
});

describe("compare, with entries from before stacks had ids", () => {
  const old = { ...found, description: "ours [container-registry/team]" };

  it("takes those that this stack's state knows, and no other of the same name", () => {
    const withoutId = { stack: "container-registry/team", entries: ["a", "b"] };
    expect(steps([old, { ...old, id: "b" }, { ...old, id: "c" }], { withoutId })).toEqual({
      steps: [
        ["update", "a", "another description"],
        ["remove", "b", "no longer wanted"],
      ],
      errors: [],
    });
  });

  it("refuses one that the state does not know, unless the stack says adopt", () => {
    expect(steps([old])).toEqual({
      steps: [],
      errors: [
        "a belongs to a stack container-registry/team whose owner id it does not tell; if that is this stack, take it over with jenkins.adopt: true; if not, take another id",
      ],
    });
    expect(steps([old], { adopt: true }).steps).toEqual([["update", "a", "another description"]]);
  });

  it("takes nothing from a stack of another name, whatever it says", () => {
    const theirs = { ...found, description: "[container-registry/other]" };
    expect(steps([theirs], { adopt: true })).toEqual({
      steps: [],
      errors: ["a belongs to the stack container-registry/other; take another id, or have that stack give it up"],
    });
  });
});

import { describe, expect, it } from "vitest";
import { bannedWords, findBannedWords, withoutGlossary, withoutUpgradeNotes } from "../../../checks/glossary.ts";

const contributing = `# Contributing

## Glossary

| term | what it means here | instead of |
|---|---|---|
| ui | What the registry shows in a browser | foo-bar |
| proxy | What stands in front | quux, old host |
| created | | \`maked\` |

## Add a setting

| key | quux |
|---|---|
`;
const banned = bannedWords(contributing);

describe("bannedWords", () => {
  it("reads the last column of the glossary's table, and no other table", () => {
    expect(banned).toEqual([
      { word: "foo-bar", instead: "ui", identifier: false },
      { word: "quux", instead: "proxy", identifier: false },
      { word: "old host", instead: "proxy", identifier: false },
      { word: "maked", instead: "created", identifier: true },
    ]);
  });
});

describe("findBannedWords", () => {
  it("names file, line, word and the term to use instead", () => {
    expect(findBannedWords([{ path: "a.md", text: "fine\nthe quux" }], banned)).toEqual([
      { path: "a.md", line: 2, word: "quux", instead: "proxy" },
    ]);
  });

  it.each([
    ...["quux", "Quux", "QUUX", "quuxes", "startQuux", "quuxRows", "StartedQuux", "quux_rows", "quux-rows"],
    ...["foo-bar", "fooBar", "FooBar", "foo_bars", "newFooBar", "FOO_BAR", "old host", "oldHost", "old-hosts"],
  ])("finds %s", (text) => {
    expect(findBannedWords([{ path: "a.ts", text }], banned)).toHaveLength(1);
  });

  it.each(["aquux", "quuxotic", "foo bar", "foobar", "scold hosts"])("does not find %s", (text) => {
    expect(findBannedWords([{ path: "a.ts", text }], banned)).toEqual([]);
  });

  it("finds identifiers in code alone", () => {
    const found = (path: string, text: string) => findBannedWords([{ path, text }], banned).length;
    expect(found("a.ts", "const { maked } = it;")).toBe(1);
    expect(found("a.sh", 'maked=$(date)\n# maked by hand\nsay "is maked"')).toBe(1);
    expect(found("a.ts", 'say("is maked"); // maked by hand')).toBe(0);
    expect(found("a.md", "is maked")).toBe(0);
  });

  it("looks at paths too", () => {
    expect(findBannedWords([{ path: "render/quux/a.ts", text: "" }], banned)).toMatchObject([{ line: 0 }]);
  });

  it("lets a line through that is marked as written by an earlier version, or follows such a line", () => {
    const text =
      "// The annotation's name, written by version 0.1.\nexport const name = 'quux';\nexport const quux = 1;";
    expect(findBannedWords([{ path: "a.ts", text }], banned)).toMatchObject([{ line: 3 }]);
  });
});

describe("withoutGlossary", () => {
  it("empties the glossary's rows alone, and keeps line numbers", () => {
    const text = withoutGlossary(contributing);
    expect(text.split("\n")).toHaveLength(contributing.split("\n").length);
    expect(findBannedWords([{ path: "a.md", text }], banned)).toMatchObject([{ word: "quux", line: 13 }]);
  });
});

describe("withoutUpgradeNotes", () => {
  it("empties what follows **Upgrade:** up to the end of the entry", () => {
    const text = withoutUpgradeNotes("- A quux. **Upgrade:** rename\n  the quux.\n- Another quux.\n");
    expect(findBannedWords([{ path: "a.md", text }], banned).map(({ line }) => line)).toEqual([1, 3]);
  });
});

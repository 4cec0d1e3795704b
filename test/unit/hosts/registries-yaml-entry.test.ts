import { describe, expect, it } from "vitest";
import { parse, parseDocument, stringify } from "yaml";
import fc from "../../properties.ts";
import { shells } from "./shells.ts";
import { splice } from "./splice.ts";

const format = "registries-yaml";
const host = "r.example.org:5000";
const mirror = { endpoint: [`https://${host}`] };
const config = { auth: { username: "node", password: 'it\'s: #1 "*"' } };
const wanted = stringify({ mirrors: { [host]: mirror } }) + stringify({ configs: { [host]: config } });

describe.each(shells)("registries.yaml entry, by $name", { timeout: 30_000 }, (shell) => {
  const put = (text: string, owned = "", label = "trust") => splice({ format, text, wanted, owned, label, shell });
  const takeOut = (text: string, label = "trust") => splice({ format, text, owned: wanted, label, shell });

  it("goes below the file's own keys, as their siblings, between two marks", () => {
    const text = "# mine\nmirrors:\n    docker.io: # hub\n        endpoint: [https://mirror]\nconfigs: {} # none\n";
    const there = put(text);
    expect(there.text).toMatchInlineSnapshot(`
      "# mine
      mirrors:
          # container-registry trust begin
          r.example.org:5000:
            endpoint:
              - https://r.example.org:5000
          # container-registry trust end
          docker.io: # hub
              endpoint: [https://mirror]
      configs: # container-registry, was: {} # none
        # container-registry trust begin
        r.example.org:5000:
          auth:
            username: node
            password: "it's: #1 \\"*\\""
        # container-registry trust end
      "
    `);
    expect(takeOut(there.text).text).toBe(text);
  });

  it.each([
    ["an empty file", ""],
    ["comments alone", "# nothing yet\n"],
    ["one document's start", "%YAML 1.2\n---\n# x\nmirrors:\n  a: {}\n"],
    ["a document's end", "---\nmirrors:\n  a: {}\n...\n"],
    ["no final newline", "mirrors:"],
    ["a null", "mirrors: ~\nconfigs: null # later"],
    ["CRLF", "mirrors:\r\n  a:\r\n    endpoint: []\r\n"],
    ["quoted keys", "\"mirrors\":\n  \"*\":\n    endpoint: [x]\n  'it''s:5000':\n    endpoint: [y]\n"],
    ["brackets over lines", "mirrors:\n  a:\n    endpoint: [\n     'x', # ]\n     \"y]\"\n     ]\n  b: {}\n"],
    [
      "text over lines",
      'mirrors:\n  a:\n    note: |\n      mirrors:\n      \ttab\n    endpoint: []\nconfigs:\n  b:\n    note: "one\n      two: three"\n',
    ],
    ["an indented map", "  mirrors:\n    a: {}\n  other: 1\n"],
    ["an anchor", "mirrors: &m\n  a: {}\nconfigs:\n  <<: *m\n"],
    ["a path of its own", "mirrors:\n  https://a/b: {}\n  it's: {}\n"],
  ])("is read by the real parser beside all else, and taken out to the byte: %s", (_, text) => {
    expectInAndOut(text);
  });

  it("holds for any file of block maps", () => {
    fc.assert(fc.property(registriesYaml, expectInAndOut), { numRuns: shell.numRuns });
  });

  function expectInAndOut(text: string) {
    const there = put(text);
    expect(there).toMatchObject({ status: 0, words: "" });
    const { mirrors, configs, ...rest } = read(there.text);
    const { mirrors: oldMirrors, configs: oldConfigs, ...oldRest } = read(text);
    expect(mirrors).toEqual({ ...oldMirrors, [host]: mirror });
    expect(configs).toEqual({ ...oldConfigs, [host]: config });
    expect(rest).toEqual(oldRest);
    expect(put(there.text, wanted).text).toBe(there.text);
    expect(takeOut(there.text).text).toBe(text);
  }

  it("stands beside the entry of another bundle, whichever goes first", () => {
    const text = "mirrors: {}\n";
    const other = wanted.replaceAll(host, "other:1");
    const both = put(splice({ format, text, wanted: other, label: "trust-2", shell }).text).text;
    expect(Object.keys(read(both).mirrors)).toEqual([host, "other:1"]);
    expect(put(both, wanted).text).toBe(both);
    const second = splice({
      format,
      text: both,
      owned: other,
      label: "trust-2",
      shell,
    }).text;
    expect(takeOut(second).text).toBe(text);
    const first = takeOut(both).text;
    expect(splice({ format, text: first, owned: other, label: "trust-2", shell }).text).toBe(text);
  });

  it.each([
    ["changed by hand", (text: string) => text.replace("https://r", "https://x")],
    ["deleted by hand", (text: string) => text.replace(/ *# container-registry trust begin[\s\S]*?trust end\n/, "")],
    [
      "moved to the other section",
      (text: string) => text.replace("mirrors:", "x").replace("configs:", "mirrors:").replace("x", "configs:"),
    ],
  ])("is put right after it was %s", (_, spoil) => {
    const { text } = put("mirrors:\n  a: {}\nconfigs:\n  b: {}\n");
    expect(spoil(text)).not.toBe(text);
    expect(read(put(spoil(text), wanted).text)).toMatchObject({
      mirrors: { [host]: mirror },
      configs: { [host]: config },
    });
  });

  it("keeps what somebody wrote between our marks, and the key they wrote it below", () => {
    const { text } = put("");
    const theirs = "  docker.io:\n    endpoint: []\n";
    const spoiled = text.replace("  # container-registry trust end\n", `${theirs}  # container-registry trust end\n`);
    expect(takeOut(spoiled).text).toBe(`mirrors: # container-registry\n${theirs}`);
    expect(read(put(spoiled, wanted).text).mirrors).toEqual({ [host]: mirror, "docker.io": { endpoint: [] } });
  });

  it.each([
    ["mirrors: {a: {}}\n", "line 1: `mirrors:` is not written as a block map; write a line for each registry below it"],
    ["mirrors: *m\n", "line 1: `mirrors:` is not written as a block map; write a line for each registry below it"],
    ["mirrors:\n  {a: {}}\n", "line 2: no key of a block map below `mirrors:`; write one line for each registry there"],
    ["mirrors:\n  - a\n", "line 2: no key of a block map below `mirrors:`; write one line for each registry there"],
    ["{mirrors: {}}\n", /^line 1: no key of a block map; write the file as block maps/],
    ["mirrors:\n\ta: {}\n", "line 2: a tab in the indentation; use spaces"],
    ["x: 1\n\nmirrors:\n  a: {}\n  r.example.org:5000:\n    endpoint: []\n", /^line 5: somebody wrote an entry for r/],
    ['mirrors:\n  "r.example.org:5000" : {}\n', /^line 2: somebody wrote an entry for r.example.org:5000 by/],
    ["mirrors:\n  'r.example.org:5000': {}\n", /^line 2: somebody wrote an entry for r.example.org:5000 by/],
    ["mirrors:\n  a: {}\n---\nmirrors: {}\n", /^line 3: several documents/],
    ["--- {}\n", /^line 1: several documents, or content beside ---/],
    ["mirrors:\nmirrors:\n", "line 2: a second `mirrors:`; keep one"],
    ["mirrors: ~\n  a: {}\n", "line 2: does not belong below a `mirrors:` that has a value"],
    ["\xef\xbb\xbfmirrors:\n", "line 1: the file starts with a byte order mark; save it without"],
    ["mirrors:\n    a: {}\n  b: {}\n", "line 3: its indentation fits nothing above"],
    ["mirrors:\n  a: [\n", "ends within a quoted text, or within brackets"],
    [
      "mirrors:\n  # container-registry trust begin\n  a: {}\n",
      /^line 2: the line "# container-registry trust end" is missing/,
    ],
  ])("refuses %o", (text, reason) => {
    const refused = put(text);
    expect(refused).toMatchObject({ status: 1, text: "" });
    const words = refused.words.replace(/^error: \/etc\/the-file: /, "").replace(/; nothing was touched\n$/, "");
    expect(words).toEqual(typeof reason === "string" ? reason : expect.stringMatching(reason));
  });
});

/** Any file of block maps: comments, blank lines, odd indentation, every way to write a key or a value. */
const registriesYaml = fc
  .record({
    top: fc.constantFrom("", "", " ", "  "),
    step: fc.constantFrom("  ", " ", "    "),
    start: fc.constantFrom("", "# mine\n", "---\n", "# x\n--- # y\n\n", "%YAML 1.2\n---\n"),
    sections: fc.uniqueArray(fc.constantFrom("mirrors", "configs", "'mirrors'x", "other"), { maxLength: 3 }),
    keys: fc.array(
      fc.uniqueArray(fc.constantFrom("docker.io", '"*"', "'a:1'", "b:2", "https://c/d", "it's", "- x"), {
        maxLength: 3,
      }),
      {
        minLength: 3,
        maxLength: 3,
      },
    ),
    fillers: fc.array(fc.constantFrom("", "", "", "# note", "", "    # container-registry", "#"), {
      minLength: 12,
      maxLength: 12,
    }),
    empty: fc.constantFrom("", " {}", " ~", " null # none", "  { }  ", " # to come"),
    end: fc.constantFrom("", "\n", "\n\n", "\n# last"),
    eol: fc.constantFrom("\n", "\n", "\r\n"),
  })
  .map(({ top, step, start, sections, keys, fillers, empty, end, eol }) => {
    const filler = (i: number) => (fillers[i] ? [`${fillers[i]}`] : []);
    const lines = sections.flatMap((section, s) => {
      const names = (keys[s] ?? []).filter((name) => name !== "- x");
      return [
        ...filler(s * 4),
        `${top}${section === "'mirrors'x" ? '"x mirrors"' : section}:${names.length ? "" : empty}`,
        ...filler(s * 4 + 1),
        ...names.flatMap((name, i) => [
          `${top}${step}${name}:`,
          ...(i === 0 ? filler(s * 4 + 2) : []),
          `${top}${step}${step}endpoint:${i % 2 ? " [a, 'b']" : ""}`,
          ...(i % 2 ? [] : [`${top}${step}${step}- "https://x" # y`]),
        ]),
      ];
    });
    return (start + lines.join("\n") + (lines.length ? end : "")).replaceAll("\n", eol);
  })
  .filter((text) => parseDocument(text, { merge: true }).errors.length === 0);

function read(text: string) {
  return parse(text, { merge: true }) ?? {};
}

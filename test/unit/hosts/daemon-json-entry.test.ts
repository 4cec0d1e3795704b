import { describe, expect, it } from "vitest";
import fc from "../../properties.ts";
import { shells } from "./shells.ts";
import { createdThings, splice } from "./splice.ts";

const format = "daemon-json";
const wanted = '{"insecure-registries":["r.example.org:5000"]}\n';

describe.each(shells)("daemon.json entry, by $name", { timeout: 30_000 }, (shell) => {
  const put = (text: string, owned = "", created: string[] = []) =>
    splice({ format, text, wanted, owned, created, shell });
  const takeOut = (text: string, created: string[] = []) => splice({ format, text, owned: wanted, created, shell });

  it.each([
    ["", '{\n  "insecure-registries": ["r.example.org:5000"]\n}\n'],
    [" \n", '{"insecure-registries": ["r.example.org:5000"]}\n \n'],
    ["{}", '{"insecure-registries": ["r.example.org:5000"]}'],
    ['{\n\t"debug": true\n}', '{\n\t"insecure-registries": ["r.example.org:5000"],\n\t"debug": true\n}'],
    [
      '{"insecure-registries": [\n  "a:1",\n  "b:2"\n]}\n',
      '{"insecure-registries": [\n  "r.example.org:5000",\n  "a:1",\n  "b:2"\n]}\n',
    ],
    ['{"insecure-registries":[ ]}', '{"insecure-registries":["r.example.org:5000" ]}'],
  ])("makes of %o", (text, expected) => {
    const there = put(text);
    expect(there).toMatchObject({ status: 0, text: expected });
    expect(takeOut(there.text, createdThings(there)).text).toBe(text);
  });

  it("sits beside everything else, is left alone, and is taken out again to the byte", () => {
    fc.assert(
      fc.property(daemonJson, (text) => {
        const before = JSON.parse(utf8(text));
        const there = put(text);
        const { "insecure-registries": elements, ...rest } = JSON.parse(utf8(there.text));
        const { "insecure-registries": old = [], ...oldRest } = before;
        expect(elements).toEqual(["r.example.org:5000", ...old]);
        expect(rest).toEqual(oldRest);
        const created = createdThings(there);
        expect(put(there.text, wanted, created)).toMatchObject({ text: there.text });
        expect(takeOut(there.text, created)).toMatchObject({ status: 0, text });
      }),
      { numRuns: shell.numRuns },
    );
  });

  it("is found again after others have formatted and sorted the file", () => {
    const there = put('{"debug":true,"insecure-registries":["a:1"]}');
    const formatted = JSON.stringify(
      { "insecure-registries": ["a:1", "r.example.org:5000", "z:9"], debug: true },
      null,
      4,
    );
    expect(JSON.parse(takeOut(formatted, createdThings(there)).text)).toEqual({
      "insecure-registries": ["a:1", "z:9"],
      debug: true,
    });
    const alone = JSON.stringify({ debug: true, "insecure-registries": ["r.example.org:5000"] }, null, 4);
    expect(JSON.parse(takeOut(alone, ["key"]).text)).toEqual({ debug: true });
    expect(JSON.parse(takeOut(alone).text)).toEqual({ debug: true, "insecure-registries": [] });
  });

  it.each([
    '{"insecure-registries":["r.example.org:5000"]}',
    '{"insecure\\u002dregistries":["r.example\\u002eorg:5000"]}',
  ])("leaves what somebody else wrote, and owns nothing: %s", (text) => {
    const { status, text: after, notes } = put(text);
    expect({ status, after }).toEqual({ status: 0, after: text });
    expect(notes).toContain(`adopted 1 ${wanted.trim()}`);
    expect(notes).toContain(
      'say somebody wrote r.example.org:5000 into "insecure-registries" by hand; it stays as it is',
    );
  });

  it("changes the element for another one", () => {
    const owned = '{"insecure-registries":["old:5000"]}\n';
    const { text } = splice({
      format,
      text: '{"insecure-registries": ["old:5000"], "debug": true}',
      owned,
      wanted,
      created: ["key"],
      shell,
    });
    expect(text).toBe('{"insecure-registries": ["r.example.org:5000"], "debug": true}');
  });

  it.each([
    ['{"insecure-registries": "a:1"}', '"insecure-registries" is not an array; make it one, or remove it'],
    ['{"insecure-registries": [], "insecure-registries": []}', 'has "insecure-registries" twice; keep one'],
    ['{\n  "debug": true,\n}', "line 3: not valid JSON (no key); correct it"],
    ['{"debug": tru}', "line 1: not valid JSON (no value); correct it"],
    ['{"debug": 01}', "line 1: not valid JSON (no comma between two members); correct it"],
    ['{"a": "b', "line 1: not valid JSON (a string without its end); correct it"],
    ['{"a": "\t"}', "line 1: not valid JSON (a string without its end); correct it"],
    ['{"a": "\\x"}', "line 1: not valid JSON (an unknown escape); correct it"],
    ["{} {}", "line 1: not valid JSON (more after its end); correct it"],
    ["[]", "line 1: not valid JSON (no object); correct it"],
    ["\xef\xbb\xbf{}", "line 1: not valid JSON (no object); correct it"],
    ["// comment\n{}", "line 1: not valid JSON (no object); correct it"],
  ])("refuses %o", (text, reason) => {
    expect(put(text)).toMatchObject({
      status: 1,
      text: "",
      words: `error: /etc/the-file: ${reason}; nothing was touched\n`,
    });
  });
});

const white = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const string = fc.oneof(
  fc.constantFrom('""', '"a b"', '"\\"\\\\\\/"', '"\\u00e4"', '"\\n"', '"]},"', '"insecure-registries"', '"\xc3\xa4"'),
  fc.stringMatching(/^"[a-z:.\-{}[\], ]*"$/),
);
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("true", "false", "null", "0", "-1.5e+10", "12"),
    string,
    list("[", "]", tie("value")),
    list(
      "{",
      "}",
      member(
        fc.uuid().map((id) => `"${id}"`),
        tie("value"),
      ),
    ),
  ),
}));

function list(open: string, close: string, item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const spaced = fc.tuple(white, item, white).map((parts) => parts.join(""));
  return fc
    .tuple(fc.array(spaced, { maxLength: 3 }), white)
    .map(([items, space]) => open + (items.join(",") || space) + close);
}

function member(key: fc.Arbitrary<string>, of: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(key, white, white, of).map(([name, before, after, text]) => `${name}${before}:${after}${text}`);
}

/** Any daemon.json, with and without the key: Docker's own, odd spacing, keys that look like ours further down. */
const daemonJson = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('"debug"', '"log-opts"', '"insecure-registries"', '"a\\"b"'), { maxLength: 4 }),
    fc.array(value, { minLength: 4, maxLength: 4 }),
    list("[", "]", fc.constantFrom('"a:1"', '"10.0.0.0/8"', '"b\\u002ec"')),
    fc.array(white, { minLength: 16, maxLength: 16 }),
  )
  .map(([keys, values, elements, space]) => {
    const members = keys.map((key, i) =>
      [
        space[i * 4],
        key,
        space[i * 4 + 1],
        ":",
        space[i * 4 + 2],
        key.includes("insecure") ? elements : values[i],
        space[i * 4 + 3],
      ].join(""),
    );
    return `${space[0]}{${members.join(",") || space[1]}}${space[2]}`;
  });

function utf8(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString();
}

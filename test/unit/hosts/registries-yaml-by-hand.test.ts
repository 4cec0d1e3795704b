import { describe, expect, it } from "vitest";
import { parse, parseDocument, stringify } from "yaml";
import fc from "../../properties.ts";
import { shells } from "./shells.ts";
import { splice } from "./splice.ts";

const format = "registries-yaml";
const host = "r.example.org:5000";
const mirror = { endpoint: [`https://${host}`, "http://10.0.0.1:5000"] };
const config = { auth: { username: "node", password: 'it\'s: #1 "*"' } };
const mirrors = stringify({ mirrors: { [host]: mirror } });
const configs = stringify({ configs: { [host]: config } });

describe.each(shells)("registries.yaml with an entry by hand, by $name", { timeout: 60_000 }, (shell) => {
  const put = (text: string, { takeOver = false, wanted = mirrors + configs, owned = "" } = {}) =>
    splice({ format, text, wanted, owned, takeOver, shell });
  const takeOut = (text: string) => splice({ format, text, owned: mirrors + configs, shell });

  it.each([
    [`  ${host}:\n    endpoint:\n      - https://${host}\n      - http://10.0.0.1:5000\n`],
    [`  "${host}":\n    endpoint:\n    - 'https://${host}' # ours\n\n    # and inside\n    - "http://10.0.0.1:5000"\n`],
    [`    ${host}: {endpoint: [https://${host},"http://10.0.0.1:5000"]} # one line\n`],
    [`  '${host}':\n    endpoint: [\n      https://${host}, # first\n\n      http://10.0.0.1:5000\n    ]\n`],
    [`  ${host}:\r\n    endpoint:\r\n      - https://${host}\r\n      - http://10.0.0.1:5000\r\n`],
  ])("leaves one that says the same, however it is written: %j", (entry) => {
    const text = `mirrors:\n  a: {}\n${entry}  b: {}\n`.replace(/^ {2}(?=[ab])/gm, /^ */.exec(entry)?.[0] ?? "");
    const there = put(text, { wanted: mirrors });
    expect(there).toMatchObject({ status: 0, text, words: "" });
    expect(there.notes).toContain("adopted 1 mirrors:");
    expect(there.notes).toContain(
      `say line 3: somebody wrote the entry for ${host} by hand; it is equal, and stays as it is`,
    );
    expect(put(text, { wanted: mirrors, owned: mirrors, takeOver: true }).text).toBe(text);
    expect(takeOut(text).text).toBe(text);
  });

  it("leaves credentials that are the same, and adds the section that is missing", () => {
    const text = `configs:\n  ${host}:\n    auth:\n      password: 'it''s: #1 "*"'\n      username: node\n`;
    const there = put(text);
    expect(there.text).toBe(
      `mirrors: # container-registry\n  # container-registry trust begin\n${mirrors.replace("mirrors:\n", "")}  # container-registry trust end\n${text}`,
    );
    expect(there.notes).toContain("adopted 1 configs:");
    expect(put(there.text, { owned: mirrors }).text).toBe(there.text);
    expect(takeOut(there.text).text).toBe(text);
  });

  it("shows how one differs, without secrets, and names the way out", () => {
    const text = `mirrors:
  # The old one's token: s3cret-1
  ${host}:
    endpoint:
      - "https://dana:s3cret-2@old.example.org" # s3cret-3
    rewrite: { "^a": "b" }
configs:
  ${host}:
    # s3cret-4
    auth: # s3cret-5
      username: s3cret-6
      password: |
        ca_file: s3cret-7
    tls:
      ca_file: /etc/old.crt
    other: s3cret-8
`;
    const { status, words, text: after } = put(text);
    expect({ status, after }).toEqual({ status: 1, after: "" });
    expect(words).toMatchInlineSnapshot(`
      "error: /etc/the-file: line 3: somebody wrote an entry for r.example.org:5000 by hand, and it differs:
      - r.example.org:5000:
      -   endpoint:
      -     - "https://(not shown)@old.example.org"
      -   rewrite: { "^a": "b" }
      + r.example.org:5000:
      +   endpoint:
      +     - https://r.example.org:5000
      +     - http://10.0.0.1:5000
      line 8: somebody wrote an entry for r.example.org:5000 by hand, and it differs:
      - r.example.org:5000:
      -   auth: (not shown)
      -   tls:
      -     ca_file: /etc/old.crt
      -   other: (not shown)
      + r.example.org:5000:
      +   auth: (not shown)
      to have this stack comment it out, give the node takeOver: true; or make it equal, remove it, or leave the node out; nothing was touched
      "
    `);
  });

  it.each([
    ["another order", `  ${host}:\n    endpoint: ["http://10.0.0.1:5000", "https://${host}"]\n`],
    ["one more key", `  ${host}:\n    endpoint: ["https://${host}", "http://10.0.0.1:5000"]\n    rewrite: {}\n`],
    ["one more endpoint", `  ${host}:\n    endpoint: ["https://${host}", "http://10.0.0.1:5000", "http://c"]\n`],
    ["the same key twice", `  ${host}: {endpoint: [a], endpoint: ["https://${host}", "http://10.0.0.1:5000"]}\n`],
    ["nothing", `  ${host}:\n`],
    [
      "a text over lines",
      `  ${host}:\n    endpoint:\n      - "https://${host}"\n      - http://10.0.0.1:5000\n        x\n`,
    ],
    ["a list beside it", `  ${host}:\n    endpoint: [["https://${host}", "http://10.0.0.1:5000"]]\n`],
  ])("does not take for the same: %s", (_, entry) => {
    expect(put(`mirrors:\n${entry}`, { wanted: mirrors }).words).toContain("line 2: somebody wrote an entry for");
  });

  it.each(["12345", "1e3", "yes", "No", "null", "~", "0x1F", ".5", "2027-03-31"])(
    "does not take for the same text what k3s may read as something else: %s",
    (password) => {
      const wanted = `configs:\n  ${host}:\n    auth:\n      password: "${password}"\n`;
      const text = `configs:\n  ${host}:\n    auth:\n      password: ${password}\n`;
      expect(put(text, { wanted }).status).toBe(1);
      expect(put(text.replace(password, `'${password}'`), { wanted })).toMatchObject({
        status: 0,
        notes: expect.arrayContaining(["adopted 1 configs:"]),
      });
    },
  );

  it("comments it out once the stack asks for that, and brings it back to the byte", () => {
    const text = `# mine\nmirrors:\n    a: {}\n    ${host}:\n        endpoint: # old\n\n        - http://old\n    # b's\n    b: {}\n`;
    const there = put(text, { takeOver: true });
    expect(there.text).toMatchInlineSnapshot(`
      "configs: # container-registry
        # container-registry trust begin
        r.example.org:5000:
          auth:
            username: node
            password: "it's: #1 \\"*\\""
        # container-registry trust end
      # mine
      mirrors:
          # container-registry trust begin
          r.example.org:5000:
            endpoint:
              - https://r.example.org:5000
              - http://10.0.0.1:5000
          # container-registry trust end
          a: {}
          # container-registry trust replaced:    r.example.org:5000:
          # container-registry trust replaced:        endpoint: # old
          # container-registry trust replaced:
          # container-registry trust replaced:        - http://old
          # b's
          b: {}
      "
    `);
    expect(there.notes.filter((note) => note.startsWith("say "))).toEqual([
      `say line 4: commented out the entry for ${host} that somebody wrote by hand; it comes back when the node is removed from nodes, or by destroy`,
      ...[`- ${host}:`, "-     endpoint:", "-     - http://old"].map((line) => `say ${line}`),
      ...[`+ ${host}:`, "+   endpoint:", `+     - https://${host}`, "+     - http://10.0.0.1:5000"].map(
        (line) => `say ${line}`,
      ),
    ]);
    // The stack file need not say it for ever.
    const again = put(there.text, { owned: mirrors + configs });
    expect(again.text).toBe(there.text);
    expect(again.notes.filter((note) => note.startsWith("say "))).toEqual([]);
    expect(takeOut(there.text).text).toBe(text);
  });

  it("shows no password of what it comments out", () => {
    const text = `configs:\n  ${host}:\n    auth: {username: a, password: s3cret}\n`;
    const there = put(text, { takeOver: true });
    expect(there.notes).toEqual(expect.arrayContaining(["say -   auth: (not shown)", "say +   auth: (not shown)"]));
    expect(there.notes.join()).not.toContain("s3cret");
  });

  it("keeps it commented out while the entry changes, and brings a section back that the stack no longer has", () => {
    const text = `mirrors:\n  ${host}:\n    endpoint: [http://old]\nconfigs:\n  ${host}:\n    auth: {username: a, password: b}\n`;
    const there = put(text, { takeOver: true });
    const moved = mirrors.replaceAll("10.0.0.1", "10.0.0.2");
    const changed = put(there.text, { wanted: moved, owned: mirrors + configs });
    expect(read(changed.text)).toEqual({
      mirrors: { [host]: { endpoint: [`https://${host}`, "http://10.0.0.2:5000"] } },
      configs: { [host]: { auth: { username: "a", password: "b" } } },
    });
    expect(splice({ format, text: changed.text, owned: moved, shell }).text).toBe(text);
  });

  it("brings it back even where somebody deleted our entry", () => {
    const text = `mirrors:\n  ${host}:\n    endpoint: [http://old]\n`;
    const { text: there } = put(text, { wanted: mirrors, takeOver: true });
    const spoiled = there.replace(/ *# container-registry trust begin[\s\S]*?trust end\n/, "");
    expect(read(spoiled).mirrors).toBeNull();
    expect(takeOut(spoiled).text).toBe(text);
    expect(read(put(spoiled, { wanted: mirrors, owned: mirrors }).text).mirrors).toEqual({ [host]: mirror });
  });

  it("refuses one that somebody wrote again beside ours, until it is taken over too", () => {
    const text = `mirrors:\n  ${host}:\n    endpoint: [http://old]\n`;
    const { text: there } = put(text, { wanted: mirrors, takeOver: true });
    const twice = `${there.replace("https://r", "https://x")}  "${host}": {}\n`;
    expect(put(twice, { wanted: mirrors, owned: mirrors }).words).toContain("line 10: somebody wrote an entry for");
    const taken = put(twice, { wanted: mirrors, owned: mirrors, takeOver: true });
    expect(read(taken.text).mirrors).toEqual({ [host]: mirror });
    expect(takeOut(taken.text).text).toBe(`${text}  "${host}": {}\n`);
  });

  it("is the other bundle's to bring back where that one commented it out", () => {
    const other = mirrors.replaceAll(host, "other:1");
    const text = `mirrors:\n  other:1:\n    endpoint: [http://old]\n  ${host}:\n    endpoint: [http://old]\n`;
    const first = splice({ format, text, wanted: other, label: "trust-2", takeOver: true, shell }).text;
    const both = put(first, { wanted: mirrors, takeOver: true }).text;
    expect(read(both).mirrors).toEqual({
      [host]: mirror,
      "other:1": { endpoint: ["https://other:1", "http://10.0.0.1:5000"] },
    });
    expect(takeOut(both).text).toBe(first);
    expect(splice({ format, text: takeOut(both).text, owned: other, label: "trust-2", shell }).text).toBe(text);
    expect(put(first, { wanted: other, takeOver: true }).words).toContain("another registry's; leave the node out");
  });

  it.each([
    [`mirrors:\n  ${host}: &m\n    endpoint: []\n  b: *m\n`, 2],
    [`mirrors:\n  a: &m {}\n  ${host}: *m\n`, 3],
    [`mirrors:\n  a: &m {}\n  ${host}:\n    <<: *m\n`, 4],
    [`mirrors:\n  ${host}:\n    endpoint: [&e "x",\n      'y']\n`, 3],
  ])("refuses anchors and aliases in it, with takeOver too: %j", (text, line) => {
    for (const takeOver of [false, true])
      expect(put(text, { wanted: mirrors, takeOver }).words).toContain(
        `line ${line}: is part of an entry for ${host} that this program did not write, with a YAML anchor or alias`,
      );
  });

  it("takes nothing for the same that k3s would read as something else, and loses no byte of it", () => {
    fc.assert(
      fc.property(mistyped, (text) => {
        const { status, notes, text: after } = put(text, { wanted: mirrors });
        if (status === 0) expect(parse(after, { version: "1.1", merge: true }).mirrors[host]).toEqual(mirror);
        if (notes.includes("adopted 1 mirrors:")) expect(after).toBe(text);
        const there = put(text, { wanted: mirrors, takeOver: true });
        if (there.status === 0) expect(takeOut(there.text).text).toBe(text);
      }),
      { numRuns: shell.numRuns * 2 },
    );
  });

  it.each(["    endpoint:", "    note: x\n#   endpoint:", "    note: |\n      x\n #  endpoint:"])(
    "reads no comment as a part of it: %j",
    (before) => {
      const values = mirror.endpoint.map((url) => `      - ${url}\n`).join("");
      const text = `mirrors:\n  ${host}:\n${before.replace("    note: x\n", "")}\n${values}`;
      expect(put(text, { wanted: mirrors }).status).toBe(before === "    endpoint:" ? 0 : 1);
    },
  );

  it("holds for any way to write it, and whatever others write meanwhile", () => {
    fc.assert(
      fc.property(byHand, later, (text, edit) => {
        const before = read(text);
        const adopted = put(text, { wanted: mirrors });
        const isSame = JSON.stringify(before.mirrors[host]) === JSON.stringify(mirror);
        if (isSame) expect(adopted).toMatchObject({ status: 0, text });
        else expect(adopted.words).toContain("by hand, and it differs");

        const there = put(text, { wanted: mirrors, takeOver: true });
        expect(there).toMatchObject({ status: 0, words: "" });
        expect(read(there.text)).toEqual({ ...before, mirrors: { ...before.mirrors, [host]: mirror } });
        expect(put(there.text, { wanted: mirrors, owned: mirrors }).text).toBe(there.text);
        expect(takeOut(there.text).text).toBe(text);
        expect(takeOut(edit(there.text)).text).toBe(edit(text));
      }),
      { numRuns: shell.numRuns },
    );
  });
});

/** Entries that say the same, after somebody has mistyped something. */
const mistyped = fc
  .record({
    text: fc.constantFrom(
      ...[
        `mirrors:\n  ${host}:\n    endpoint:\n      - https://${host} # a\n      - "http://10.0.0.1:5000"\n  x: {}\n`,
        `mirrors:\n  x: {}\n  "${host}": {endpoint: [https://${host}, 'http://10.0.0.1:5000']} # one line\n`,
        `other: 1\nmirrors:\n  ${host}:\n    endpoint: [\n      https://${host},\n      http://10.0.0.1:5000]\n`,
      ],
    ),
    edits: fc.array(
      fc.record({
        at: fc.nat({ max: 200 }),
        drop: fc.constantFrom(0, 0, 1, 2),
        add: fc.constantFrom(
          ...[
            "",
            " ",
            "  ",
            "\n",
            "\n  ",
            "\n    ",
            "#",
            " #",
            ":",
            ": ",
            "- ",
            "- a\n",
            "'",
            '"',
            "{",
            "}",
            "[",
            "]",
            ",",
          ],
          ...[
            "|",
            ">",
            "&a ",
            "*a",
            "!!str ",
            "<<: ",
            "~",
            "\\",
            "?",
            "%",
            "@",
            "x",
            "---\n",
            "...",
            "null",
            "0",
            `${host}:`,
          ],
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ text, edits }) =>
    edits.reduce((now, { at, drop, add }) => {
      const position = at % (now.length + 1);
      return now.slice(0, position) + add + now.slice(position + drop);
    }, text),
  )
  .filter((text) => parseDocument(text, { version: "1.1", merge: true }).errors.length === 0);

/** Any file with an entry for the registry: its values, their spelling, comments, blank lines, and what is around it. */
const byHand = fc
  .record({
    step: fc.constantFrom("  ", " ", "    "),
    key: fc.constantFrom(host, `"${host}"`, `'${host}'`),
    values: fc.constantFrom([`https://${host}`, "http://10.0.0.1:5000"], [`https://${host}`], ["http://old", "b"], []),
    quote: fc.constantFrom("", '"', "'"),
    form: fc.constantFrom("block", "flush", "flow", "lines", "map"),
    note: fc.constantFrom("", " # old", " # container-registry"),
    blank: fc.constantFrom("", "\n", "\n      # inside\n", "\n# far left\n\n"),
    rewrite: fc.constantFrom("", "", "|", "plain"),
    before: fc.constantFrom("", "a: {}", "a:\n@@note: |\n@@@x", "'b': # b\n@@endpoint: [x]"),
    after: fc.constantFrom("", "", "c: {}", "# last of the section"),
    eol: fc.constantFrom("\n", "\n", "\r\n"),
    end: fc.constantFrom("\n", "", "\n\n", "\nconfigs:\n  x: {}\n"),
  })
  .map(({ step, key, values, quote, form, note, blank, rewrite, before, after, eol, end }) => {
    const all = values.map((value) => `${quote}${value}${quote}`);
    const endpoint = {
      block: `endpoint:${note}${blank || "\n"}${all.map((value) => `@@@- ${value}\n`).join("")}`,
      flush: `endpoint:${note}\n${all.map((value) => `@@- ${value}${note}\n`).join("")}`,
      flow: `endpoint: [${all.join(", ")}]${note}\n`,
      lines: `endpoint: [${note}\n${all.map((value) => `@@@${value},\n`).join("")}@@@]\n`,
      map: "",
    }[form];
    const more = { "": "", "|": `@@rewrite: |\n@@@# text\n\n@@@x: y\n`, plain: "@@rewrite:\n@@@a: b\n" }[rewrite];
    const entry =
      form === "map" ? `@${key}: {endpoint: [${all.join(",")}]}${note}\n` : `@${key}:${note}\n@@${endpoint}${more}`;
    const around = (text: string) => (text ? `@${text}\n` : "");
    const lines = `mirrors:\n${around(before)}${entry}${around(after)}`;
    return (lines.replaceAll("@", step).replace(/\n$/, "") + end).replaceAll("\n", eol);
  })
  .filter((text) => parseDocument(text).errors.length === 0);

/** What others may do to a file with our entry, in a place that is neither ours nor theirs. */
const later = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => `# since then\n${text}`,
  (text) => `other: 1\n${text}`,
  (text) => text.replace(/^mirrors:/m, "# since then\nmirrors:"),
  (text) => (/\n\r?$/.test(text) ? `${text}# since then\n` : text),
);

function read(text: string) {
  return parse(text) ?? {};
}

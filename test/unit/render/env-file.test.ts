import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { envFile } from "../../../render/env-file.ts";
import { parseEnvFile } from "../../../render/env-file-parse.ts";
import fc from "../../properties.ts";

describe("parseEnvFile", () => {
  it.each([
    ["A=b", "b"],
    ["A=", ""],
    ["  export A=b  ", "b"],
    ["A=b # of the old cluster", "b"],
    ["A=a#b", "a#b"],
    ["A='a\u2028b'", "a\u2028b"],
    ["A=a\u00A0", "a\u00A0"],
    ["A='b c' # quoted", "b c"],
    [`A='$HOME "b"'`, '$HOME "b"'],
    ['A="b\\"c\\$d\\\\"', 'b"c$d\\'],
    ["A=https://nexus.example.org/repository/maven-releases/", "https://nexus.example.org/repository/maven-releases/"],
  ])("reads %s", (source, value) => {
    expect(parseEnvFile(source)).toEqual({ lines: [{ line: 1, name: "A", value }], problems: [] });
  });

  it("counts lines with any line ending, and skips comments and empty lines", () => {
    const { lines, problems } = parseEnvFile("\uFEFF# CI\r\n\r\nA=1\r\n  # more\nB=2\n");
    expect(problems).toEqual([]);
    expect(lines).toEqual([
      { line: 3, name: "A", value: "1" },
      { line: 5, name: "B", value: "2" },
    ]);
  });

  it.each([
    ["A", "is no NAME=VALUE"],
    ["A: b", "is no NAME=VALUE"],
    ["A =b", "is no NAME=VALUE"],
    ["1A=b", "is no NAME=VALUE"],
    ["A-B=b", "is no NAME=VALUE"],
    ["A= b", "A cannot be read: no space may stand behind ="],
    ["A=b c", "A cannot be read: put it in single quotes"],
    ["A=$HOME", "A cannot be read: put it in single quotes"],
    ['A="$HOME"', "A cannot be read: put it in single quotes"],
    ["A=`id`", "A cannot be read: put it in single quotes"],
    ["A='b", "A cannot be read: its ' is not closed on the line"],
    ['A="b', 'A cannot be read: its " is not closed on the line'],
    ["A='b'c", "A cannot be read: put it in single quotes"],
    ["A='b\tc'", "A holds a control character"],
  ])("refuses %j", (source, message) => {
    const { lines, problems } = parseEnvFile(`# CI\n${source}`);
    expect(lines).toEqual([]);
    expect(problems).toEqual([{ line: 2, message: expect.stringContaining(message) }]);
  });

  it("names the line of a variable's first definition", () => {
    expect(parseEnvFile("A=1\nB=2\nA=3").problems).toEqual([{ line: 3, message: "A is on line 1 already" }]);
  });

  it("repeats no value in an error, since it may be a password", () => {
    const { problems } = parseEnvFile("PASSWORD=hunter2 $x\nhunter2\nA='hunter2");
    expect(problems).toHaveLength(3);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});

const Values = fc.dictionary(
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/),
  fc.string({ unit: "grapheme" }).filter((text) => !/\p{Cc}/u.test(text)),
);

describe("envFile", () => {
  it("writes plain values without quotes, which not every reader knows", () => {
    const variables = { URL: "https://nexus.example.org/repository/maven-releases/", EMPTY: "", HOST: "a.b:5000" };
    expect(envFile(variables)).toBe(
      "URL=https://nexus.example.org/repository/maven-releases/\nEMPTY=\nHOST=a.b:5000\n",
    );
  });

  it("is parsed to the same variables", () => {
    fc.assert(
      fc.property(Values, (variables) => {
        const { lines, problems } = parseEnvFile(envFile(variables));
        expect(problems).toEqual([]);
        expect(Object.fromEntries(lines.map(({ name, value }) => [name, value]))).toEqual({ ...variables });
      }),
    );
  });

  it("is read by a shell as by parseEnvFile", () => {
    const folder = mkdtempSync(join(tmpdir(), "env-file-"));
    const file = join(folder, "env");
    try {
      fc.assert(
        fc.property(Values, (given) => {
          const variables = Object.fromEntries(Object.entries(given).map(([name, value]) => [`V_${name}`, value]));
          writeFileSync(file, envFile(variables));
          const script = `. "$1"; shift; for name; do eval "printf '%s\\\\0' \\"\\$$name\\""; done`;
          const { stdout } = execaSync("sh", ["-c", script, "sh", file, ...Object.keys(variables)]);
          expect(stdout.split("\0").slice(0, -1)).toEqual(Object.values(variables));
        }),
        { numRuns: 25 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { shellFiles } from "../../../hosts/shell.ts";

describe("shell files", () => {
  const folder = new URL("../../../hosts/apply/", import.meta.url);
  const apply = shellFiles(folder, ["prelude", "entries/text.awk"]);

  it("travel without comments, so that another comment changes no host", () => {
    expect(apply.split("\n").filter((line) => /^\s*#/.test(line))).toEqual([]);
  });

  it("keep what only looks like a comment", () => {
    expect(apply).toContain("said##*: }");
  });

  it("hold each awk program as the value of a shell variable", () => {
    const names = readdirSync(new URL("entries/", folder)).map((name) => basename(name, ".awk"));
    const script = shellFiles(
      folder,
      names.map((name) => `entries/${name}.awk`),
    );
    for (const name of names) {
      const variable = `awk_${name.replaceAll("-", "_")}`;
      const value = execFileSync("sh", ["-c", `${script}printf %s "$${variable}"`], { encoding: "utf8" });
      expect(value).toBe(readFileSync(new URL(`entries/${name}.awk`, folder), "utf8").replace(/^\s*#.*\n/gm, ""));
    }
  });
});

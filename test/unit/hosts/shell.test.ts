import { describe, expect, it } from "vitest";
import { shellFiles } from "../../../hosts/shell.ts";

describe("shell files", () => {
  const apply = shellFiles(new URL("../../../hosts/apply/", import.meta.url), ["prelude", "entries/text"]);

  it("travel without comments, so that another comment changes no host", () => {
    expect(apply.split("\n").filter((line) => /^\s*#/.test(line))).toEqual([]);
  });

  it("keep what only looks like a comment", () => {
    expect(apply).toContain("said##*: }");
  });
});

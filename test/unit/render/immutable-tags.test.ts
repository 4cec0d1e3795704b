import { describe, expect, it } from "vitest";
import { caddyfile } from "../../../render/proxy/caddyfile.ts";
import { tagGlobPattern } from "../../../render/proxy/globs.ts";
import { immutableTags, open } from "./rendered-proxies.ts";

describe("tagGlobPattern", () => {
  it.each([
    ["v*", "v1", true],
    ["v*", "v", true],
    ["v*", "V1", false],
    ["v*", "dev1", false],
    ["1.0", "1.0", true],
    ["1.0", "1x0", false],
    ["1.0", "1.0.1", false],
    ["*-release", "2.1-release", true],
    ["*-release", "2.1-release2", false],
    ["v*-*", "v1-rc", true],
    ["v*-*", "v1", false],
    ["*", "anything_Goes.1-2", true],
    ["*", `sha256:${"0".repeat(64)}`, false],
  ])("%s and %s: %s", (glob, tag, expected) => {
    expect(new RegExp(`^${tagGlobPattern(glob)}$`).test(tag)).toBe(expected);
  });
});

describe("the Caddyfile", () => {
  it("is the same byte for byte with an empty list of immutable tags as without one", () => {
    expect(caddyfile({ ...open, immutableTags: [] })).toBe(caddyfile(open));
    expect(caddyfile(open)).not.toContain("immutable");
  });

  it("gains one snippet's import and the sites that decide, where there are immutable tags", async () => {
    const before = caddyfile(open).split("\n");
    const after = caddyfile({ ...open, immutableTags }).split("\n");
    const start = after.indexOf("(immutable-tags) {");
    const end = after.length - (before.length - before.indexOf("(gate) {")) - 1; // written by version 0.1
    const added = after.splice(start, end - start + 1);
    await expect(added.join("\n")).toMatchFileSnapshot("snapshots/immutable-tags/added.caddy");
    const imported = after.findIndex((line) => line.trim() === "import immutable-tags");
    expect(after.splice(imported, 2)).toEqual([expect.any(String), ""]);
    const [largeManifest] = after.splice(
      after.findIndex((line) => line.includes("413 UNSUPPORTED")),
      1,
    );
    expect(largeManifest).toContain("or this manifest has more than 4 MiB");
    expect(after).toEqual(before.filter((line) => !line.includes("413 UNSUPPORTED")));
  });

  it("refuses every deletion by digest in such repositories where the storage is elsewhere", () => {
    const lines = caddyfile({ ...open, storageRoot: undefined, immutableTags }).split("\n");
    expect(lines).toContain("\t@immutable-digest vars {immutable} digest");
    expect(lines).toContain("\t@in-turn vars {immutable} push");
    expect(lines.join()).not.toContain("templates");
  });
});

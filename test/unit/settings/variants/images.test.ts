import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { officialImages } from "../../../../settings/variants/images.ts";

describe("renovate.json", () => {
  it("finds every default image, with its version and digest", () => {
    const { customManagers } = JSON.parse(readFileSync("renovate.json", "utf8"));
    const [manager] = customManagers;
    const [file] = manager.managerFilePatterns.map((pattern: string) => new RegExp(pattern.slice(1, -1)));
    const path = "settings/variants/images.ts";
    expect(path).toMatch(file);
    const found = [...readFileSync(path, "utf8").matchAll(new RegExp(manager.matchStrings[0], "g"))];
    expect(found.map(({ groups = {} }) => groups)).toEqual(
      Object.values(officialImages).map(({ image, version, digest }) => ({
        depName: image,
        currentValue: version,
        currentDigest: digest,
      })),
    );
  });
});

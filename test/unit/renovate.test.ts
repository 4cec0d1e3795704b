import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { labImages, type OfficialImage } from "../../lab/images/official-images.ts";
import { officialImages } from "../../settings/variants/images.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const config = JSON.parse(read("renovate.json"));
const [defaultImages, imagesOfTheLab, pulumiVersions] = config.customManagers;

/** Whether one of the manager's patterns, `/REGEX/` each, matches the path. */
function finds(manager: { managerFilePatterns: string[] }, path: string): boolean {
  return manager.managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path));
}

const examples = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.ya?ml$/.test(file))
  .map((file) => `examples/${file}`);

describe("renovate.json", () => {
  it("finds every default image, with its version and digest", () => {
    const path = "settings/variants/images.ts";
    expect(finds(defaultImages, path)).toBe(true);
    const found = [...read(path).matchAll(new RegExp(defaultImages.matchStrings[0], "g"))];
    expect(found.map(({ groups = {} }) => groups)).toEqual(
      Object.values(officialImages).map(({ image, version, digest }) => ({
        depName: image,
        currentValue: version,
        currentDigest: digest,
      })),
    );
  });

  it("finds every official image that the lab pulls, and puts a digest where there is none", () => {
    const path = "lab/images/official-images.ts";
    expect(finds(imagesOfTheLab, path)).toBe(true);
    const found = [...read(path).matchAll(new RegExp(imagesOfTheLab.matchStrings[0], "g"))];
    const images: OfficialImage[] = Object.values(labImages);
    expect(found.map(({ groups = {} }) => groups)).toEqual(
      images.map(({ image, version, digest }) => ({ depName: image, currentValue: version, currentDigest: digest })),
    );
    for (const [text, { depName = "", currentValue = "", currentDigest }] of found.map(
      (match) => [match[0], match.groups ?? {}] as const,
    )) {
      const replaced = imagesOfTheLab.autoReplaceStringTemplate
        .replace("{{{depName}}}", depName)
        .replace("{{{newValue}}}", currentValue)
        .replace("{{{newDigest}}}", currentDigest ?? "sha256:…");
      if (currentDigest === undefined) expect(replaced).toContain(text);
      else expect(replaced).toBe(text);
    }
  });

  it("finds the actions and images of the examples for CI, which Renovate leaves out by default", () => {
    expect(config.ignorePaths).not.toContain("**/examples/**");
    const actions = examples.filter((path) => / uses: /.test(read(path)));
    const images = examples.filter((path) => /^ +image: \S/m.test(read(path)) && path.includes("gitlab"));
    expect(actions.length * images.length).toBeGreaterThan(0);
    for (const path of actions) expect([path, finds(config["github-actions"], path)]).toEqual([path, true]);
    for (const path of images) expect([path, finds(config.gitlabci, path)]).toEqual([path, true]);
  });

  it("finds the version of the Pulumi CLI in them, which is the one of its SDK in package.json", () => {
    const sdk = JSON.parse(read("package.json")).dependencies["@pulumi/pulumi"];
    const found = examples
      .filter((path) => finds(pulumiVersions, path))
      .flatMap((path) => [...read(path).matchAll(new RegExp(pulumiVersions.matchStrings[0], "g"))]);
    expect(new Set(found.map(({ groups = {} }) => groups.currentValue))).toEqual(new Set([sdk]));
  });
});

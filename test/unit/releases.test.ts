import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const read = (file: string) => readFileSync(join(import.meta.dirname, "../..", file), "utf8");

const headings = [...read("CHANGELOG.md").matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);

describe("CHANGELOG.md", () => {
  it("begins with what is not released, and dates every release after it", () => {
    const [first, ...releases] = headings;
    expect(first).toBe("Unreleased");
    expect(releases.length).toBeGreaterThan(0);
    for (const release of releases) expect(release).toMatch(/^\d+\.\d+\.\d+ – \d{4}-\d{2}-\d{2}$/);
  });

  it("has package.json's version as its newest release, and so has package-lock.json", () => {
    const { version } = JSON.parse(read("package.json"));
    expect(headings[1]?.split(" ")[0]).toBe(version);
    const lock = JSON.parse(read("package-lock.json"));
    expect([lock.version, lock.packages[""].version]).toEqual([version, version]);
  });
});

describe("docs/upgrading.md", () => {
  it("leaves the release to its reader, in every command that takes one", () => {
    const named = [...read("docs/upgrading.md").matchAll(/^git .*(?:checkout|--no-edit) (NEW|OLD|v\d\S*)/gm)];
    expect(named.map(([, each]) => each)).toEqual(["NEW", "OLD", "NEW"]);
  });
});

describe(".github/workflows/ci.yml", () => {
  it("fetches the whole history for the tests, which upgrade what the last release made", () => {
    const { jobs } = parse(read(".github/workflows/ci.yml"));
    const [checkout] = jobs.test.steps;
    expect(checkout).toMatchObject({ uses: expect.stringContaining("actions/checkout@"), with: { "fetch-depth": 0 } });
  });
});

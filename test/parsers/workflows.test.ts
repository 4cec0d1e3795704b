import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { workflowProblems } from "../../lab/ci/actionlint.ts";

const workflows = [
  "examples/ci/github.yml",
  "examples/ci/retention/github.yml",
  "examples/github-actions.yml",
  ".github/workflows/ci.yml",
];

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

describe("actionlint", () => {
  it.each(workflows)("finds nothing wrong in %s", async (path) => {
    expect(await workflowProblems(await read(path))).toBe("");
  });

  it("reports an unknown context and an unknown key", async () => {
    const text = await read("examples/ci/github.yml");
    expect(await workflowProblems(text.replaceAll("matrix.stack", "matrix.stak"))).toContain("stak");
    expect(await workflowProblems(text.replaceAll("timeout-minutes", "timeout"))).toContain('unexpected key "timeout"');
  });
});

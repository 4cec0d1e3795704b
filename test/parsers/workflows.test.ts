import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { workflowProblems } from "../../lab/ci/actionlint.ts";

const read = (path: string) => readFile(new URL(`../../examples/${path}`, import.meta.url), "utf8");

describe("actionlint", () => {
  it.each(["ci/github.yml", "github-actions.yml"])("has nothing against examples/%s", async (path) => {
    expect(await workflowProblems(await read(path))).toBe("");
  });

  it("would tell a context that is not there, and a key that GitHub does not know", async () => {
    const text = await read("ci/github.yml");
    expect(await workflowProblems(text.replaceAll("matrix.stack", "matrix.stak"))).toContain("stak");
    expect(await workflowProblems(text.replaceAll("timeout-minutes", "timeout"))).toContain('unexpected key "timeout"');
  });
});

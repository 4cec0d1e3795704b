import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { jenkinsfile } from "../../../lab/ci/jenkinsfile.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const { version } = JSON.parse(read("node_modules/@pulumi/pulumi/package.json"));
const command = 'npm run -s registry -- retain --stack "$STACK"';

describe("examples/ci/retention", () => {
  it("github.yml runs by a schedule, pins every action to a commit, and has the engine of package.json", () => {
    const text = read("examples/ci/retention/github.yml");
    const { on, permissions, jobs } = parse(text);
    expect(Object.keys(on)).toEqual(["schedule", "workflow_dispatch"]);
    expect(permissions).toEqual({ contents: "read" });
    for (const [, action] of text.matchAll(/uses: (.+)/g)) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/);
    expect(text).toContain(`pulumi-version: ${version}`);
    expect(jobs.retain.steps.at(-1).run).toContain(command);
  });

  it("gitlab-ci.yml runs in a schedule alone, with the engine of package.json", () => {
    const { retain } = parse(read("examples/ci/retention/gitlab-ci.yml"));
    expect(retain.rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "schedule" && $RETAIN' }]);
    expect(retain.image).toBe(`docker.io/pulumi/pulumi-nodejs:${version}`);
    expect(retain.script.at(-1)).toBe(command);
  });

  it("Jenkinsfile has a passphrase for the step alone that retains", () => {
    const file = { kind: "file", args: expect.objectContaining({ variable: "PULUMI_CONFIG_PASSPHRASE_FILE" }) };
    const { steps } = jenkinsfile(read("examples/ci/retention/Jenkinsfile"));
    expect(steps.map(({ stage, bindings }) => [stage, bindings])).toEqual([
      ["Install", []],
      ["Retain", [file]],
    ]);
    expect(steps.at(-1)?.script).toContain(command);
  });
});

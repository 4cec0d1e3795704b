import { describe, expect, it } from "vitest";
import { githubJob } from "../../../../lab/ci/github-job.ts";
import { gitlabJob } from "../../../../lab/ci/gitlab-job.ts";

describe("githubJob", () => {
  const workflow = `
    env: { HOST: "\${{ vars.HOST }}", NAME: workflow }
    jobs:
      build:
        env: { NAME: job, STACK: "\${{ matrix.stack }}" }
        steps:
          - uses: actions/checkout@v4
          - { name: Log in, run: "echo $PASS", env: { PASS: "\${{ secrets.PASS }}", NAME: step } }`;

  it("fills in variables of the workflow, the job and the step, the innermost winning", () => {
    const context = { vars: { HOST: "registry.example.org" }, secrets: { PASS: "battery" }, matrix: { stack: "prod" } };
    expect(githubJob(workflow, "build", context)).toEqual([
      {
        name: "Log in",
        script: "echo $PASS",
        shell: ["bash", "-e"],
        env: { HOST: "registry.example.org", NAME: "step", STACK: "prod", PASS: "battery" },
      },
    ]);
  });

  it("refuses a script with an expression in it, which may hold anybody's text", () => {
    const script = `jobs: { build: { steps: [{ run: 'echo \${{ github.head_ref }}' }] } }`;
    expect(() => githubJob(script, "build", {})).toThrow("pass expressions by `env`");
  });
});

describe("gitlabJob", () => {
  const text = `
    .stack: { variables: { A: base, B: base }, before_script: [npm ci] }
    preview: { extends: .stack, variables: { B: own }, script: [one, two] }`;

  it("takes what the job extends, its own keys over it", () => {
    expect(gitlabJob(text, "preview", { STACK: "prod" })).toEqual(
      [
        ["before_script", "npm ci"],
        ["script", "one\ntwo"],
      ].map(([name, script]) => ({
        name,
        script,
        shell: ["bash", "-eo", "pipefail"],
        env: { A: "base", B: "own", STACK: "prod" },
      })),
    );
  });
});

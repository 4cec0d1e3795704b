import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { jenkinsfile } from "../../../lab/ci/jenkinsfile.ts";
import { githubLines } from "../../../operations/commands/credentials/github.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const { version } = JSON.parse(read("node_modules/@pulumi/pulumi/package.json"));

describe("examples/ci/github.yml", () => {
  it("previews no code of a fork or a bot, and does nothing before a repository names its stacks", () => {
    const { preview, up } = parse(read("examples/ci/github.yml")).jobs;
    const conditions = (job: { if: string }) => job.if.trim().split(/\s*&&\s*/);
    expect(conditions(preview)).toEqual([
      "github.event_name == 'pull_request'",
      "github.event.pull_request.head.repo.full_name == github.repository",
      "github.event.pull_request.user.type != 'Bot'",
      "!startsWith(github.head_ref, 'renovate/')",
      "vars.PULUMI_STACKS != ''",
    ]);
    expect(conditions(up)).toEqual(["github.event_name == 'push'", "vars.PULUMI_STACKS != ''"]);
  });
});

describe.each(["examples/ci/github.yml", "examples/github-actions.yml", ".github/workflows/ci.yml"])("%s", (path) => {
  it("pins every action to a commit, and may read the repository, no more", () => {
    const { permissions } = parse(read(path));
    expect(permissions).toEqual({ contents: "read" });
    const used = [...read(path).matchAll(/uses: (.+)/g)].map(([, action]) => action);
    expect(used).not.toEqual([]);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+/);
  });
});

describe("examples/ci", () => {
  it.each([
    ["github.yml", /pulumi-version: (.+)/g],
    ["gitlab-ci.yml", /pulumi-nodejs:(.+)/g],
  ])("%s has the engine of package.json", (file, pattern) => {
    const versions = [...read(`examples/ci/${file}`).matchAll(pattern)].map(([, named]) => named);
    expect([...new Set(versions)]).toEqual([version]);
  });

  it.each(["github.yml", "gitlab-ci.yml", "Jenkinsfile"])("%s asks the policy pack before each change", (file) => {
    const changing = [...read(`examples/ci/${file}`).matchAll(/pulumi (?:preview .*--diff|up ).*/g)].map(
      ([line]) => line,
    );
    expect(changing).toHaveLength(2);
    for (const line of changing) expect(line).toContain(" --policy-pack policy ");
  });

  it("gitlab-ci.yml previews no code of a fork or a bot", () => {
    const { preview, up } = parse(read("examples/ci/gitlab-ci.yml"));
    expect(preview.rules).toEqual([
      { if: "$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME =~ /^(renovate|dependabot)\\//", when: "never" },
      {
        if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID',
      },
    ]);
    expect(up.rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' }]);
  });

  it("Jenkinsfile has a passphrase for the steps alone that ask the engine", () => {
    const file = { kind: "file", args: expect.objectContaining({ variable: "PULUMI_CONFIG_PASSPHRASE_FILE" }) };
    const { steps } = jenkinsfile(read("examples/ci/Jenkinsfile"));
    expect(steps.map(({ stage, bindings }) => [stage, bindings])).toEqual([
      ["Install", []],
      ["Preview", [file]],
      ["Up", [file]],
    ]);
  });
});

describe("examples/github-actions.yml", () => {
  it("asks for what registry credentials --for github prints, and for nothing else", () => {
    const login = { host: "h", pathPrefix: "p", username: "u", password: "w", ca: "c", plain: false };
    const named = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))];
    const printed = githubLines({ ...login, fluxApiVersion: "image.toolkit.fluxcd.io/v1" }).join("\n");
    const text = read("examples/github-actions.yml");
    expect(named(text, /vars\.(\w+)/g).sort()).toEqual(named(printed, /gh variable set (\w+)/g).sort());
    expect(named(text, /secrets\.(\w+)/g).sort()).toEqual(named(printed, /gh secret set (\w+)/g).sort());
  });
});

describe("examples/maven/settings.xml", () => {
  it("has a server of the id that the Jenkinsfile deploys to, with the variables that it binds", () => {
    const settings = read("examples/maven/settings.xml");
    const step = jenkinsfile(read("examples/Jenkinsfile")).steps.find(({ stage }) => stage === "Maven artifact");
    const { usernameVariable, passwordVariable } = step?.bindings[0]?.args ?? {};
    expect(settings).toContain(`<username>\${env.${usernameVariable}}</username>`);
    expect(settings).toContain(`<password>\${env.${passwordVariable}}</password>`);
    const [, id = "none"] = /-DaltDeploymentRepository=\$(\w+)::/.exec(step?.script ?? "") ?? [];
    expect(settings).toContain(`<id>\${env.${id}}</id>`);
  });
});

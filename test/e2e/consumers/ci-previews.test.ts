import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newCheckout } from "../../../lab/ci/checkout.ts";
import { githubJob } from "../../../lab/ci/github-job.ts";
import { gitlabJob } from "../../../lab/ci/gitlab-job.ts";
import { jenkinsJob } from "../../../lab/ci/jenkins-job.ts";
import { jenkinsfile } from "../../../lab/ci/jenkinsfile.ts";
import { type JobWorkspace, runJob, type StepResult } from "../../../lab/ci/run-job.ts";
import type { ShellStep } from "../../../lab/ci/shell-step.ts";
import { workplaceHere } from "../../../lab/ci/workplace-here.ts";
import { type PulumiStack, startStack } from "../../../lab/engine/pulumi-stack.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { startLab } from "../../../lab/lab.ts";
import { withWorld } from "../../with-world.ts";
import { keyLine, secretsIn } from "../support/secrets-in.ts";

const name = "ci";
const registryPassword = 'not "easy" to $quote: 1é';

type System = {
  file: string;
  /** The steps of the job that previews change requests, or of the job that runs `up` for the branch main. */
  steps(text: string, job: JobName, passphrase: { text: string; file: string }): ShellStep[];
  /** Path of the file with the preview's text, which the CI system shows to people. */
  posted(folders: { job: string; checkout: string }): string;
};

type JobName = "preview" | "up";

const github: System = {
  file: "examples/ci/github.yml",
  steps: (text, job, { text: passphrase }) =>
    githubJob(text, job, {
      matrix: { stack: name },
      vars: { PULUMI_BACKEND_URL: world().stack.env.PULUMI_BACKEND_URL ?? "" },
      secrets: { PULUMI_CONFIG_PASSPHRASE: passphrase },
    }),
  posted: ({ job }) => join(job, "summary.md"),
};

const systems: Record<string, System> = {
  "GitHub Actions": github,
  GitLab: {
    file: "examples/ci/gitlab-ci.yml",
    steps: (text, job, { file }) => gitlabJob(text, job, { STACK: name, PULUMI_CONFIG_PASSPHRASE_FILE: file }),
    posted: ({ checkout }) => join(checkout, "preview.txt"),
  },
  Jenkins: {
    file: "examples/ci/Jenkinsfile",
    steps: (text, job, { file }) =>
      jenkinsJob(jenkinsfile(text), { STACK: name }, { [`pulumi-passphrase-${name}`]: { file } }).filter(
        (step) => step.name === "Install" || step.name.toLowerCase() === job,
      ),
    posted: ({ checkout }) => join(checkout, `preview-${name}.txt`),
  },
};

const world = withWorld(async ({ use }) => {
  await startLab();
  const [machine, checkout] = await Promise.all([startMachine({ name: "ci-node" }), newCheckout()]);
  use(machine);
  use(checkout);
  const stack = use(
    await startStack({
      name,
      projectDir: checkout.folder,
      settingsDir: checkout.folder,
      config: {
        containerRegistry: { host: "registry.ci.test", pathPrefix: "p2c" },
        variant: { kind: "existing", tls: { kind: "public" } },
      },
      secrets: { registryUsername: "ci-bot", registryPassword, sshPrivateKey: machine.keys.privateKey },
    }),
  );
  await nodeIsTold({ machine, stack }, "192.0.2.9");
  await stack.up();
  return { machine, checkout, stack };
});

describe.each(Object.entries(systems))("%s", (_, system) => {
  const address = `192.0.2.${10 + Object.values(systems).indexOf(system)}`;
  const said: string[] = [];

  async function run(job: JobName): Promise<{ ok: boolean; last: string; posted: string }> {
    const { results, posted } = await runOf(system, job);
    const log = results.map(({ output }) => output).join("\n");
    said.push(log, posted);
    return { ok: results.every(({ ok }) => ok), last: results.at(-1)?.output ?? "", posted };
  }

  it("shows on a change request which line changes", async () => {
    await nodeIsTold(world(), address);
    const { ok, last, posted } = await run("preview");
    expect(ok, last).toBe(true);
    for (const text of [last, posted]) expect(text).toMatch(new RegExp(`^ +\\+ .*\\b${address}\\b`, "m"));
    expect(await world().machine.run("cat /etc/hosts")).not.toContain(address);
  });

  it("fails where the stack file is wrong, and posts why", async () => {
    await nodeIsTold(world(), "nowhere");
    const { ok, posted } = await run("preview");
    expect(ok).toBe(false);
    expect(posted).toContain('nodes[0].hostsEntry = "nowhere"');
  });

  it("brings it about on main, and leaves nothing to do", async () => {
    await nodeIsTold(world(), address);
    const { ok, last } = await run("up");
    expect(ok, last).toBe(true);
    expect(last).toMatch(/Resources:\n +\d+ unchanged\n/);
    expect(await world().machine.run("cat /etc/hosts")).toMatch(
      new RegExp(`^${address}\\s.*\\bregistry\\.ci\\.test\\b`, "m"),
    );
  });

  it("tells no secret", async () => {
    const passphrase = await readFile(passphraseFile(), "utf8");
    const text = said.join("\n");
    expect(text).toContain(address);
    expect(
      secretsIn(text, { passphrase, registryPassword, "key of SSH": keyLine(world().machine.keys.privateKey) }),
    ).toEqual([]);
  });
});

describe("main", () => {
  it("is red while something is left to do", async () => {
    await nodeIsTold(world(), "192.0.2.99");
    const check = (await stepsOf(github, "up")).filter(({ name }) => name !== "Up");
    const results = await runJob(check, await workplace());
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ["Passphrase", true],
      ["Nothing is left to do", false],
    ]);
  });
});

// One system is enough: each of them fails where its preview fails, and test/unit/pipelines/examples.test.ts has the option in all.
describe("a stack that violates a policy", () => {
  it("fails on the change request, which names the policy and what to write instead", async () => {
    await world().stack.setConfig({ variant: { kind: "existing", tls: { kind: "none" } } });
    const { results, posted } = await runOf(github, "preview");
    const preview = results.at(-1);
    expect(preview).toMatchObject({ name: "Preview", ok: false });
    for (const text of [String(preview?.output), posted]) {
      expect(text).toMatch(/\[mandatory\] +no-plain-http +\(container-registry:existing:ExistingRegistry: registry\)/);
      expect(text).toContain("give variant.tls another kind than none");
      expect(text.match(/\[mandatory\]/g)).toHaveLength(1);
    }
  });
});

/** All steps of a job except for `npm ci`: the checkout has its npm packages already. */
async function stepsOf(system: System, job: JobName): Promise<ShellStep[]> {
  const passphrase = { text: await readFile(passphraseFile(), "utf8"), file: passphraseFile() };
  const steps = system.steps(await readFile(join(world().checkout.folder, system.file), "utf8"), job, passphrase);
  const others = steps.filter(({ script }) => script.trim() !== "npm ci");
  expect(others).toHaveLength(steps.length - 1);
  return others;
}

async function runOf(system: System, job: JobName): Promise<{ results: StepResult[]; posted: string }> {
  const workspace = await workplace();
  const results = await runJob(await stepsOf(system, job), workspace);
  return {
    results,
    posted: await workspace.read(system.posted({ job: workspace.folder, checkout: world().checkout.folder })),
  };
}

/** Creates a workspace for one job, in which the Pulumi CLI is on the PATH. */
async function workplace(): Promise<JobWorkspace> {
  const { checkout, stack } = world();
  const folder = await mkdtemp(join(stack.stateDir, "job-"));
  const { PATH = "", PULUMI_HOME = "", PULUMI_BACKEND_URL = "" } = stack.env;
  return workplaceHere(checkout.folder, folder, {
    PATH,
    PULUMI_HOME,
    PULUMI_BACKEND_URL,
    RUNNER_TEMP: folder,
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
  });
}

function nodeIsTold({ machine, stack }: { machine: Machine; stack: PulumiStack }, hostsEntry: string): Promise<void> {
  const node = { name: "node", runtime: "docker", connection: machine.connection, verify: "none", hostsEntry };
  return stack.setConfig({ nodes: [node] });
}

function passphraseFile(): string {
  return world().stack.env.PULUMI_CONFIG_PASSPHRASE_FILE ?? "";
}

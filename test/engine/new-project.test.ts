import { mkdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { engine } from "../../lab/engine/engine.ts";
import { inTerminal, type Typed } from "../../lab/terminal.ts";
import { questions } from "../../operations/new-stack/questions.ts";
import { trackedCopy } from "../tracked-copy.ts";
import { temporaryFolder, withWorld } from "../with-world.ts";

const hostKey = questions[2].example;

/** This checkout as a template, and beside it the folders of a Pulumi that has run nothing yet. */
const world = withWorld(async ({ defer }) => {
  const folder = temporaryFolder({ defer }, "new-project");
  for (const name of ["state", "home"]) await mkdir(join(folder, name));
  await trackedCopy(join(folder, "template"));
  const { path } = await engine();
  const env = {
    PATH: [...path, process.env.PATH ?? ""].join(delimiter),
    PULUMI_BACKEND_URL: `file://${folder}/state?metadata=skip`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "a passphrase of the test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The packages of package-lock.json are in npm's cache, since this checkout was installed.
    npm_config_prefer_offline: "true",
  };
  return { folder, env };
});

/** Runs `pulumi new` in an empty folder and types the answers. */
async function newProject(name: string, typed: readonly Typed[]) {
  const folder = join(world().folder, name);
  await mkdir(folder);
  const { env } = world();
  const output = await inTerminal("pulumi new ../template --offline", typed, { cwd: folder, env, timeoutSeconds: 300 });
  const read = async (file: string) => parse(await readFile(join(folder, file), "utf8"));
  const run = (command: string, input = "") =>
    execa("sh", ["-ec", command], { cwd: folder, env, input, all: true, reject: false });
  return { output, read, run };
}

/** The first three questions are Pulumi's own. */
function answers(project: string, stack: string, given: Record<string, string>): Typed[] {
  const own = [
    ["Project name", project],
    ["Project description", ""],
    ["Stack name", stack],
  ] as const;
  return [
    ...own.map(([asked, answer]) => ({ asked, answer })),
    ...questions.map(({ path }) => ({ asked: `(container-registry:${path})`, answer: given[path] ?? "" })),
  ];
}

const given = {
  "containerRegistry.host": "registry.example.org",
  "variant.connection.address": "203.0.113.5",
  "variant.connection.hostKey": hostKey,
};

describe("pulumi new, with another name for the project", { timeout: 600_000 }, () => {
  it("asks for five values and leaves a stack file that up needs one secret for", async () => {
    const { output, read, run } = await newProject("team", answers("team-registry", "team", given));
    expect(output).toContain("Pulumi.team.yaml has your answers as settings");
    expect(output).toContain("pulumi config set --secret container-registry:sshPrivateKey");
    expect(await read("Pulumi.team.yaml")).toEqual({
      encryptionsalt: expect.stringMatching(/^v1:/),
      config: {
        "container-registry:containerRegistry": { host: "registry.example.org", account: "ci" },
        "container-registry:variant": {
          kind: "host",
          connection: { kind: "ssh", address: "203.0.113.5", user: "ubuntu", hostKey },
          installDocker: true,
          tls: { kind: "private-ca" },
        },
        "container-registry:accounts": [{ name: "ci", push: ["**"], delete: ["**"] }],
      },
    });
    expect((await read("Pulumi.yaml")).name).toBe("team-registry");

    const first = await run("pulumi preview --non-interactive");
    expect(first.all).toMatch(/1 problem in Pulumi\.team\.yaml\s+sshPrivateKey: missing/);
    const key = await run("ssh-keygen -q -t ed25519 -N '' -f ../key && cat ../key");
    await run("pulumi config set --secret sshPrivateKey", key.stdout);
    expect((await run("pulumi preview --non-interactive")).all).toContain(
      "keys of this program begin with container-registry:, whatever the Pulumi project is called; pulumi config set --secret container-registry:sshPrivateKey, then: pulumi config rm team-registry:sshPrivateKey",
    );
    await run("pulumi config rm team-registry:sshPrivateKey");
    await run("pulumi config set --secret container-registry:sshPrivateKey", key.stdout);
    const preview = await run("pulumi preview --non-interactive");
    expect(preview.all).toContain("registry-apply@203.0.113.5");
    expect(preview.exitCode).toBe(0);
  });
});

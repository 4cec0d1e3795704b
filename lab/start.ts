import { execa } from "execa";
import { type Credentials, clients, type Outcome, trust } from "./clients/clients.ts";
import { engine } from "./engine/engine.ts";
import { testImage } from "./images/test-image.ts";
import { LabError } from "./lab-error.ts";
import { type PersistentLab, persistentLab } from "./persistent.ts";
import { say } from "./progress.ts";
import { labStack, unlockAfterKill } from "./stack.ts";

/** Starts the lab, creates a registry in it and tests that registry by pushing and pulling an image. */
export async function start(): Promise<void> {
  const [, lab] = await Promise.all([engine(), persistentLab()]);
  const stack = await labStack(lab);
  await unlockAfterKill(stack);

  say("\n$ pulumi up --yes");
  const { exitCode } = await execa("pulumi", ["up", "--yes"], {
    cwd: stack.projectDir,
    env: { ...stack.env, PULUMI_CONFIG_PASSPHRASE: undefined },
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
  });
  if (exitCode !== 0) throw new LabError("pulumi up failed; its output is above");

  const { imagePrefix, registryHost, accounts } = (await stack.outputs()) as Outputs;
  const password = accounts.jenkins ?? "";
  say(`\nTest by docker on another machine (${lab.client.name}):`);
  await prove(lab, registryHost, imagePrefix, { name: "jenkins", password });
  say(nextSteps(imagePrefix));
}

type Outputs = { imagePrefix: string; registryHost: string; accounts: Record<string, string> };

async function prove(
  lab: PersistentLab,
  registryHost: string,
  imagePrefix: string,
  jenkins: Credentials,
): Promise<void> {
  const { client, acme } = lab;
  const { docker } = clients;
  await trust(client, registryHost, await acme.root());
  const archive = await testImage(client);
  const image = `${imagePrefix}/hello:1`;

  expectRejected("anonymous push is rejected", await docker.push(client, archive, image));
  expectRejected(
    "wrong password is rejected",
    await docker.push(client, archive, image, { ...jenkins, password: "a guess" }),
  );
  const pushed = expectSuccess(`push as ${jenkins.name} works`, await docker.push(client, archive, image, jenkins));
  const pulled = expectSuccess("anonymous pull works", await docker.pull(client, image));
  if (pushed !== pulled) throw new LabError(`the pulled image has the digest ${pulled}, the pushed one ${pushed}`);
  say(`✓ the pulled image is the pushed one: ${pulled}`);
}

function expectRejected(what: string, outcome: Outcome): void {
  if (outcome.ok) throw new LabError(`test failed: ${what}; the registry accepted it`);
  say(`✓ ${what}: ${outcome.output.trim().split("\n").at(-1)}`);
}

function expectSuccess(what: string, outcome: Outcome): string {
  if (!outcome.ok) throw new LabError(`test failed: ${what}; docker printed: ${outcome.output}`);
  say(`✓ ${what}`);
  return outcome.digest;
}

function nextSteps(imagePrefix: string): string {
  return `
The registry works. The stack file is Pulumi.lab.yaml; the machines run until \`npm run lab:down\`. To try next:

  eval "$(npm run -s lab:env)"                          # pulumi in this shell uses the lab's stack
  pulumi stack output accounts --show-secrets           # who may push, and their passwords
  docker exec -it container-registry-lab-client bash    # another machine: docker pull ${imagePrefix}/hello:1
  docker exec -it container-registry-lab-host bash      # the registry host: /etc/container-registry

Change a glob of team-a in Pulumi.lab.yaml, then:

  pulumi preview --diff                                 # the changed line of the Caddyfile
  pulumi up                                             # reloads the proxy, restarts nothing

README.md explains how to use a real host instead.`;
}

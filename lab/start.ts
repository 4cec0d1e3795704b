import { execa } from "execa";
import { type Credentials, clients, type Outcome, trust } from "./clients/clients.ts";
import { engine } from "./engine/engine.ts";
import { testImage } from "./images/test-image.ts";
import { LabError } from "./lab-error.ts";
import { persistentLab, type StandingLab } from "./persistent.ts";
import { say } from "./progress.ts";
import { labStack, unlockAfterKill } from "./stack.ts";

/** From nothing to a registry that works, and to having seen it work. */
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
  if (exitCode !== 0) throw new LabError("pulumi up failed; what it said is above");

  const { imagePrefix, registryHost, accounts } = (await stack.outputs()) as Outputs;
  const password = accounts.jenkins ?? "";
  say(`\nThe proof, by docker on another machine (${lab.client.name}):`);
  await prove(lab, registryHost, imagePrefix, { name: "jenkins", password });
  say(whatNext(imagePrefix));
}

type Outputs = { imagePrefix: string; registryHost: string; accounts: Record<string, string> };

async function prove(lab: StandingLab, registryHost: string, imagePrefix: string, jenkins: Credentials): Promise<void> {
  const { client, acme } = lab;
  const { docker } = clients;
  await trust(client, registryHost, await acme.root());
  const archive = await testImage(client);
  const image = `${imagePrefix}/hello:1`;

  refused("anonymous push refused", await docker.push(client, archive, image));
  refused("wrong password refused", await docker.push(client, archive, image, { ...jenkins, password: "a guess" }));
  const pushed = worked(`push as ${jenkins.name} works`, await docker.push(client, archive, image, jenkins));
  const pulled = worked("anonymous pull works", await docker.pull(client, image));
  if (pushed !== pulled) throw new LabError(`the image came back as ${pulled}, and was pushed as ${pushed}`);
  say(`✓ the same image came back: ${pulled}`);
}

function refused(what: string, outcome: Outcome): void {
  if (outcome.ok) throw new LabError(`not so: ${what}; it was let in`);
  say(`✓ ${what}: ${outcome.output.trim().split("\n").at(-1)}`);
}

function worked(what: string, outcome: Outcome): string {
  if (!outcome.ok) throw new LabError(`not so: ${what}; docker said: ${outcome.output}`);
  say(`✓ ${what}`);
  return outcome.digest;
}

function whatNext(imagePrefix: string): string {
  return `
It works. The stack is in Pulumi.lab.yaml, the machines run on until \`npm run lab:down\`. To try next:

  eval "$(npm run -s lab:env)"                          # this shell's pulumi works on the lab's stack
  pulumi stack output accounts --show-secrets           # who may push, and their passwords
  docker exec -it container-registry-lab-client bash    # another machine: docker pull ${imagePrefix}/hello:1
  docker exec -it container-registry-lab-host bash      # the registry host: /etc/container-registry

Change a glob of team-a in Pulumi.lab.yaml, then:

  pulumi preview --diff                                 # the changed line of the Caddyfile
  pulumi up                                             # reloads the proxy, restarts nothing

README.md says how to point it at a real host.`;
}

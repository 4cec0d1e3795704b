import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type PulumiStack, startStack } from "./engine/pulumi-stack.ts";
import { registryImage } from "./images/registry-images.ts";
import { isAlive } from "./locks/alive.ts";
import { registryHost, type StandingLab } from "./persistent.ts";
import { stateDirectory } from "./state.ts";

const checkout = join(import.meta.dirname, "..");

/** In the checkout, so that a bare `pulumi preview` finds it. Git ignores it. */
export const stackFile = join(checkout, "Pulumi.lab.yaml");

/**
 * The persistent lab's stack: its file says what anybody's would for a host of their own. It is written once a host,
 * so that it can be edited and tried out.
 */
export async function labStack(lab: StandingLab): Promise<PulumiStack> {
  const place = { name: "lab", stateDir: stackDirectory(), settingsDir: checkout };
  const written = await readFile(stackFile, "utf8").catch(() => "");
  if (written.includes(`generation: ${lab.host.id}`)) return startStack(place);
  const secrets = { sshPrivateKey: lab.keys.privateKey };
  return startStack({ ...place, config: { containerRegistry, accounts, variant: await hostVariant(lab) }, secrets });
}

/** Gives up the lock of a `pulumi` that was killed; that of one at work is left to it. */
export async function unlockAfterKill(stack: PulumiStack): Promise<void> {
  const locks = join(stackDirectory(), "state/.pulumi/locks");
  const files = await readdir(locks, { recursive: true }).catch(() => []);
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const { pid } = JSON.parse(await readFile(join(locks, file), "utf8")) as { pid: number };
    if (!isAlive(pid)) return stack.unlock();
  }
}

/** Holds the stack's state and its passphrase. */
export function stackDirectory(): string {
  return join(stateDirectory(), "stack");
}

const containerRegistry = {
  host: registryHost,
  pathPrefix: "docker-internal/p2c",
  credentialId: "container-registry",
  requiresAuthForPush: true,
  requiresAuthForPull: false,
  account: "jenkins",
};

const accounts = [
  { name: "jenkins", push: ["**"], delete: ["**"] },
  { name: "team-a", push: ["docker-internal/p2c/team-a/**"] },
];

async function hostVariant({ host, acme }: StandingLab): Promise<Record<string, unknown>> {
  return {
    kind: "host",
    connection: host.connection,
    tls: { kind: "acme", email: "ops@lab.test", directory: acme.directory, directoryCa: acme.directoryCaFile },
    images: { registry: await archived("registry"), proxy: await archived("proxy") },
    generation: host.id,
  };
}

async function archived(name: "registry" | "proxy"): Promise<{ reference: string; archive: string }> {
  const { id, archive } = await registryImage(name);
  return { reference: id, archive };
}

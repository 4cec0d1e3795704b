import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type PulumiStack, startStack } from "./engine/pulumi-stack.ts";
import { defaultImage } from "./images/registry-images.ts";
import { isAlive } from "./locks/alive.ts";
import { type PersistentLab, registryHost } from "./persistent.ts";
import { stateDirectory } from "./state.ts";

const checkout = join(import.meta.dirname, "..");

/** The stack file is in the checkout, where a plain `pulumi preview` finds it. Git ignores the file. */
export const stackFile = join(checkout, "Pulumi.lab.yaml");

/**
 * The persistent lab's stack. Its stack file looks like that of a real host. The lab replaces the stack file only after the host
 * was created again, so a user may edit it and run `pulumi up`.
 */
export async function labStack(lab: PersistentLab): Promise<PulumiStack> {
  const location = { name: "lab", stateDir: stackDirectory(), settingsDir: checkout };
  const written = await readFile(stackFile, "utf8").catch(() => "");
  if (written.includes(`generation: ${lab.host.id}`)) return startStack(location);
  // The file may be of a lab that was removed from another checkout: then nobody has the passphrase of its secrets.
  await rm(stackFile, { force: true });
  const secrets = { sshPrivateKey: lab.keys.privateKey };
  return startStack({ ...location, config: { containerRegistry, accounts, variant: await hostVariant(lab) }, secrets });
}

/** Removes the stack's lock if the `pulumi` process that took it was killed. The lock of a running process stays. */
export async function unlockAfterKill(stack: PulumiStack): Promise<void> {
  const locks = join(stackDirectory(), "state/.pulumi/locks");
  const files = await readdir(locks, { recursive: true }).catch(() => []);
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const { pid } = JSON.parse(await readFile(join(locks, file), "utf8")) as { pid: number };
    if (!isAlive(pid)) return stack.unlock();
  }
}

/** Directory of the stack's state and its passphrase. */
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

async function hostVariant({ host, acme }: PersistentLab): Promise<Record<string, unknown>> {
  return {
    kind: "host",
    connection: host.connection,
    tls: { kind: "acme", email: "ops@lab.test", directory: acme.directory, directoryCa: acme.directoryCaFile },
    images: { registry: await archived("registry"), proxy: await archived("proxy") },
    generation: host.id,
  };
}

async function archived(name: "registry" | "proxy"): Promise<{ reference: string; archive: string }> {
  const { id, archive } = await defaultImage(name);
  return { reference: id, archive };
}

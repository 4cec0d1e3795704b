import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type PulumiStack, startStack } from "./engine/pulumi-stack.ts";
import { registryImage } from "./registry-images.ts";
import { registryHost, type StandingLab } from "./standing.ts";
import { stateDirectory } from "./state.ts";

const checkout = join(import.meta.dirname, "..");

/** In the checkout, so that a bare `pulumi preview` finds it. Git ignores it. */
export const stackFile = join(checkout, "Pulumi.lab.yaml");

/** The standing lab's stack: its file says what anybody's would for a host of their own. */
export async function labStack({ host, acme, keys }: StandingLab): Promise<PulumiStack> {
  const variant = {
    kind: "host",
    connection: host.connection,
    tls: { kind: "acme", email: "ops@lab.test", directory: acme.directory, directoryCa: acme.directoryCaFile },
    images: { registry: await archived("registry"), proxy: await archived("proxy") },
    generation: host.id,
  };
  const stack = await startStack({
    name: "lab",
    stateDir: stackDirectory(),
    settingsDir: checkout,
    config: { containerRegistry, accounts, variant },
  });
  // Set once: each time it is encrypted anew, and the file would change.
  if (!(await readFile(stackFile, "utf8")).includes("container-registry:sshPrivateKey"))
    await stack.setSecret("sshPrivateKey", keys.privateKey);
  return stack;
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

async function archived(name: "registry" | "proxy"): Promise<{ reference: string; archive: string }> {
  const { id, archive } = await registryImage(name);
  return { reference: id, archive };
}

import { expect, it } from "vitest";
import { machineAddress } from "../../../hosts/transport/machine-address.ts";
import type { CommandOptions } from "../../../lab/engine/pulumi-stack.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { startSshAgent } from "../../../lab/hosts/ssh-agent.ts";
import { Connection } from "../../../settings/connection.ts";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const container = { kind: "docker-container", name: "container-registry-lab-transport" };

const world = withWorld(async ({ use }) => {
  const bastion = use(await startMachine({ name: "transport-bastion", kind: "bare" }));
  const registry = use(await registryStack({ name: "transport" }));
  const agent = use(await startSshAgent(registry.machine.keys.privateKey));
  return { bastion, registry, agent };
});

// These tests apply to the same host by one transport after the other. The kind `local` is left out, because the machine that
// runs the lab must not become a registry host. test/unit/hosts tests the same script without a connection.

it("a host behind a jump host › receives archives and commands through it", async () => {
  const { bastion, registry } = world();
  const { machine } = registry;
  const { kind: _, ...jump } = bastion.connection;
  const seen = await connectionsOf(() => upBy({ ...machine.connection, address: machine.address, port: 22, jump }));
  // Four connections: one creates the folder for the archives, two send an archive each, and one applies.
  expect(seen).toEqual({ bastion: 4, host: Array(4).fill(bastion.address) });
  await expectServes();
});

it("an SSH agent › logs in where the stack has no key", async () => {
  const { bastion, registry, agent } = world();
  await registry.stack.setConfig({ sshPrivateKey: undefined });
  const seen = await connectionsOf(() => upBy({ ...registry.machine.connection, agent: true }, { env: agent.env }));
  // Four connections lead to the new address: folder, two archives, apply. The fifth leads to the old address: it is the
  // removal
  // of the old resource, which changes nothing on the host.
  expect(seen).toMatchObject({ bastion: 1, host: expect.arrayContaining([bastion.address]) });
  expect(seen.host).toHaveLength(5);
  await expectServes();
});

it("an operator without sudo › is told which user may not use sudo on which host", async () => {
  const { registry, agent } = world();
  await registry.machine.run("mv /usr/bin/sudo /usr/bin/sudo.away");
  const connection = { ...registry.machine.connection, agent: true };
  await expect(upBy(connection, { env: agent.env }, "128m")).rejects.toThrow(
    "error: operator may not run sudo on transport without a password; allow it, or connect as root",
  );
  await expectServes();
});

it("root › needs no sudo", async () => {
  const { registry, agent } = world();
  await upBy({ ...registry.machine.connection, user: "root", agent: true }, { env: agent.env });
  await expectServes();
});

it("a container of this machine › takes over from SSH, whose end removes nothing", async () => {
  await upBy(container, { env: world().agent.env });
  await expectServes();
});

it("a container of this machine › needs no SSH, and serves when all is applied anew", async () => {
  const type = "container-registry:host:RegistryHost$command:local:Command";
  // Replacing the apply removes the archives too, so that the folder and the archives are replaced with it.
  const all = [
    ...["registry-apply@container-registry-lab-transport", "registry-sending-folder"],
    ...["registry-registry-image", "registry-proxy-image"],
  ];
  const flags = all.flatMap((name) => ["--replace", `urn:pulumi:transport::container-registry::${type}::${name}`]);
  const seen = await connectionsOf(() => upBy(container, { flags }));
  expect(seen).toEqual({ bastion: 0, host: [] });
  await expectServes();
});

/** The machine of the last `up`, as its connection named it. */
let appliedAt: string | undefined;

async function upBy(
  connection: Record<string, unknown>,
  options: CommandOptions = {},
  proxyMemory = "256m",
): Promise<void> {
  const { registry } = world();
  const address = machineAddress(Connection.parse(connection));
  const oldHost = appliedAt && appliedAt !== address ? { kind: "stopped", address: appliedAt } : undefined;
  appliedAt = address;
  const variant = { ...registry.variant, connection, oldHost, memory: { proxy: proxyMemory } };
  await registry.stack.setConfig({ variant });
  await registry.stack.up(options);
}

/** Runs `act`. Returns how many SSH connections the bastion accepted meanwhile, and from which addresses the host did. */
async function connectionsOf(act: () => Promise<void>): Promise<{ bastion: number; host: string[] }> {
  const { bastion } = world();
  const before = { bastion: await bastion.sshConnections(), host: (await callers()).length };
  await act();
  return { bastion: (await bastion.sshConnections()) - before.bastion, host: (await callers()).slice(before.host) };
}

async function callers(): Promise<string[]> {
  const log = await world().registry.machine.run("journalctl --sync && journalctl --unit ssh --output cat");
  return Array.from(log.matchAll(/^Connection from (\S+) /gm), ([, address = ""]) => address);
}

async function expectServes(): Promise<void> {
  const { registry } = world();
  const catalogue = 'curl --silent --fail --cacert /etc/container-registry/ca.pem "https://$1/v2/_catalog"';
  expect(await registry.machine.run(catalogue, { args: [registry.host] })).toBe('{"repositories":[]}');
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { addressIn } from "../../../lab/docker/container.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { network } from "../../../lab/network/network.ts";
import { startRegistryServer } from "../../../lab/services/registry-server.ts";
import { withWorld } from "../../with-world.ts";
import { befell, dressedReady, dressedUnit, nodeFiles } from "../support/nodes/node-files.ts";

const name = "node-examples";
const host = `${name}.lab.test`;
const snap = "/var/snap/microk8s/current/args";

type Target = { address: string; port: number; hostKey: string };
type Connection = Target & { kind: string; user: string; jump?: Target };
type Node = { name: string; runtime: string; connection: Connection; hostsEntry?: string };

/** The machines that stand for the examples' nodes, and the registry's address. */
type Lab = { microk8s: Machine; k3s: Machine; rke2: Machine; serverAddress: string };

const world = withWorld(async ({ use }) => {
  const [server, microk8s, k3s, rke2] = await Promise.all([
    startRegistryServer({ name }),
    startMachine({ name: `${name}-microk8s`, kind: "bare" }),
    startMachine({ name: `${name}-k3s`, kind: "bare" }),
    startMachine({ name: `${name}-rke2`, kind: "bare" }),
  ]);
  for (const each of [rke2, k3s, microk8s, server]) use(each);
  const serverAddress = await addressIn(network, `container-registry-lab-${name}`);
  const lab = { microk8s, k3s, rke2, serverAddress };
  await microk8s.run(`mkdir -p ${snap}`);
  for (const machine of [k3s, rke2]) await machine.run(cloudUser);
  for (const machine of [k3s, rke2]) await dressedReady(machine);
  await dressedUnit(k3s, "k3s");
  await dressedUnit(rke2, "rke2-server");
  const before = await files(lab);

  const nodes = [...(await nodesOf("microk8s")), ...(await nodesOf("host"))];
  const stack = use(
    await startStack({
      name,
      config: {
        containerRegistry: { host, requiresAuthForPush: false },
        variant: { kind: "existing", tls: { kind: "provided-ca", file: server.caFile } },
        nodes: nodes.map((node) => inTheLab(node, lab)),
      },
      secrets: { sshPrivateKey: k3s.keys.privateKey },
    }),
  );
  return { ...lab, server, before, stack };
});

describe("the nodes of examples/stacks/microk8s.yaml and host.yaml", () => {
  it("trust the registry by one up, each by its runtime's own files", async () => {
    const { server, microk8s, k3s, rke2, serverAddress, stack } = world();
    await stack.up();
    expect(await microk8s.run(`cat ${snap}/certs.d/${host}/ca.crt`)).toBe(server.ca.trimEnd());
    expect(await microk8s.run(`cat ${snap}/certs.d/${host}/hosts.toml`)).toContain(`[host."https://${host}"]`);
    expect(await microk8s.run("head -n 1 /etc/hosts")).toMatch(new RegExp(`^${serverAddress} ${host}\\b`));
    const trusted = { endpoint: [`https://${host}`], ca: server.ca.trimEnd() };
    expect(await registries(k3s, "/etc/rancher/k3s")).toEqual(trusted);
    expect(await registries(rke2, "/etc/rancher/rke2")).toEqual(trusted);
  });

  it("restart k3s and RKE2 once for it", async () => {
    const { k3s, rke2 } = world();
    expect([await befell(k3s, "k3s"), await befell(rke2, "rke2-server")]).toEqual(["start start", "start start"]);
  });

  it("are left alone by the second up", async () => {
    const { k3s, rke2, stack } = world();
    await stack.up({ flags: ["--expect-no-changes"] });
    expect([await befell(k3s, "k3s"), await befell(rke2, "rke2-server")]).toEqual(["start start", "start start"]);
  });

  it("reach the one behind the other through it alone", async () => {
    const { k3s, rke2 } = world();
    const log = await rke2.run("journalctl --sync && journalctl --unit ssh --output cat");
    const callers = Array.from(log.matchAll(/^Connection from (\S+) /gm), ([, address]) => address);
    expect(callers).toEqual([k3s.address]);
  });

  it("are as they were after destroy", async () => {
    const { before, stack } = world();
    await stack.destroy();
    expect(await files(world())).toEqual(before);
  });
});

/** Shell command that creates the user `ubuntu`, as on a cloud's machines. The example stack file logs in as this user. */
const cloudUser =
  "useradd --create-home --shell /bin/sh ubuntu && echo 'ubuntu ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ubuntu";

async function nodesOf(example: "microk8s" | "host"): Promise<Node[]> {
  const file = join(import.meta.dirname, "../../../examples/stacks", `${example}.yaml`);
  return parse(await readFile(file, "utf8")).config["container-registry:nodes"];
}

/**
 * An example's node with the address, port and host key of a machine of the lab. A node with a `local` connection, which would be
 * somebody's workstation, becomes a container.
 */
function inTheLab({ connection, hostsEntry, ...node }: Node, lab: Lab): object {
  if (connection.kind === "local") {
    const container = { kind: "docker-container", name: lab.microk8s.container };
    return { ...node, connection: container, ...(hostsEntry && { hostsEntry: lab.serverAddress }) };
  }
  const { jump } = connection;
  return {
    ...node,
    connection: {
      ...connection,
      ...labTargetOf(connection, lab),
      ...(jump && { jump: { ...jump, ...labTargetOf(jump, lab) } }),
    },
  };
}

function labTargetOf({ address }: Target, { k3s, rke2 }: Lab): Target {
  const { hostKey, address: published, port } = k3s.connection;
  const targets: Record<string, Target> = {
    "203.0.113.7": { address: published, port, hostKey },
    "10.0.0.8": { address: rke2.address, port: 22, hostKey: rke2.connection.hostKey },
  };
  const target = targets[address];
  if (target === undefined) throw new Error(`the lab has no machine for ${address}`);
  return target;
}

async function registries(machine: Machine, folder: string): Promise<{ endpoint: string[]; ca: string }> {
  const { mirrors, configs } = parse(await machine.run(`cat ${folder}/registries.yaml`));
  return { endpoint: mirrors[host].endpoint, ca: await machine.run(`cat ${configs[host].tls.ca_file}`) };
}

/** The files of each machine. */
function files({ microk8s, k3s, rke2 }: Lab): Promise<string[]> {
  return Promise.all([microk8s, k3s, rke2].map((machine) => nodeFiles(machine)));
}

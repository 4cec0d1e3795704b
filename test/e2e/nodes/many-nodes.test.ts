import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { docker } from "../../../lab/docker/docker.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { type SshNode, startSshNodes } from "../../../lab/hosts/ssh-nodes.ts";
import { machineImage } from "../../../lab/images/machine-image.ts";
import { startLab } from "../../../lab/lab.ts";
import { freePort } from "../../../lab/network/free-port.ts";
import { newCa } from "../../../lab/services/ca.ts";
import { withWorld } from "../../with-world.ts";

const host = "many-nodes.lab.test";
const args = "/var/snap/microk8s/current/args";

const world = withWorld(async ({ use, defer }) => {
  const { keys } = await startLab();
  const folder = await mkdtemp(join(tmpdir(), "container-registry-many-nodes-"));
  defer(() => rm(folder, { recursive: true }));
  const file = join(folder, "ca.pem");
  await writeFile(file, (await newCa("many nodes")).certificate);
  const image = await machineImage("bare");
  const fleet = use(await startSshNodes({ prefix: "many-nodes", count: 50, image }));
  const late = use(await startSshNodes({ prefix: "many-nodes", count: 1, first: 51, image }));
  for (const { container } of [...fleet.nodes, ...late.nodes]) await docker(["exec", container, "mkdir", "-p", args]);
  const stack = use(
    await startStack({
      name: "many-nodes",
      config: {
        containerRegistry: { host, requiresAuthForPush: false },
        variant: { kind: "existing", tls: { kind: "provided-ca", file } },
      },
      secrets: { sshPrivateKey: keys.privateKey },
    }),
  );
  return { fleet, late, stack };
});

it("one dead node of fifty › fails alone and is named, the other 49 are done", async () => {
  const { fleet, stack } = world();
  const dead = fleet.nodes[24] as SshNode;
  const connection = { ...dead.connection, port: await freePort() };
  await nodes(fleet.nodes.map((node) => (node === dead ? { ...node, connection } : node)));
  const { exitCode, output } = await stack.startUp().result;
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(new RegExp(`${dead.name}-microk8s-apply@\\S+ .*connection refused`));
  expect(await trusting(fleet.nodes)).toEqual(fleet.nodes.filter((node) => node !== dead).map(({ name }) => name));
});

it("the next up › does the one that was dead, and opens no other SSH connection", async () => {
  const { fleet, stack } = world();
  await nodes(fleet.nodes);
  const dead = fleet.nodes[24] as SshNode;
  expect(await dialled(fleet.nodes, () => stack.up())).toEqual({ [dead.name]: 1 });
  expect(await trusting(fleet.nodes)).toHaveLength(50);
});

it("a second up › opens no SSH connection", async () => {
  const { fleet, stack } = world();
  expect(await dialled(fleet.nodes, () => stack.up({ flags: ["--expect-no-changes"] }))).toEqual({});
});

it("the 51st node › opens one connection", async () => {
  const { fleet, late, stack } = world();
  const all = [...fleet.nodes, ...late.nodes];
  await nodes(all);
  expect(await dialled(all, () => stack.up())).toEqual({ "many-nodes-51": 1 });
  expect(await trusting(late.nodes)).toHaveLength(1);
});

it("a node taken off the list › is left without trust, the others keep theirs", async () => {
  const { fleet, late, stack } = world();
  await nodes(fleet.nodes);
  await stack.up();
  expect(await trusting([...fleet.nodes, ...late.nodes])).toHaveLength(50);
});

function nodes(all: readonly Pick<SshNode, "name" | "connection">[]): Promise<void> {
  const entries = all.map(({ name, connection }) => ({ name, connection, runtime: "microk8s", verify: "none" }));
  return world().stack.setConfig({ nodes: entries });
}

/** The names of the nodes that have the registry's hosts.toml, and so trust the registry. */
async function trusting(all: readonly SshNode[]): Promise<string[]> {
  const found = await Promise.all(
    all.map(async ({ name, container }) => {
      const look = `[ ! -f ${args}/certs.d/${host}/hosts.toml ] || echo yes`;
      const answer = await docker(["exec", container, "sh", "-c", look]);
      return answer === "yes" ? [name] : [];
    }),
  );
  return found.flat();
}

/** Runs `act`. Returns how many SSH connections each node accepted meanwhile; nodes without connections are left out. */
async function dialled(all: readonly SshNode[], act: () => Promise<unknown>): Promise<Record<string, number>> {
  const count = () => Promise.all(all.map((node) => node.sshConnections()));
  const before = await count();
  await act();
  const after = await count();
  const taken = all.map(({ name }, index) => [name, (after[index] ?? 0) - (before[index] ?? 0)] as const);
  return Object.fromEntries(taken.filter(([, connections]) => connections > 0));
}

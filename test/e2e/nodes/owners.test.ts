import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { docker } from "../../../lab/docker/docker.ts";
import { type PulumiStack, startStack } from "../../../lab/engine/pulumi-stack.ts";
import { type SshNode, startSshNodes } from "../../../lab/hosts/ssh-nodes.ts";
import { machineImage } from "../../../lab/images/machine-image.ts";
import { startLab } from "../../../lab/lab.ts";
import { newCa } from "../../../lab/services/ca.ts";
import { withWorld } from "../../with-world.ts";

const host = "node-owners.lab.test";
const args = "/var/snap/microk8s/current/args";

const world = withWorld(async ({ use, defer }) => {
  const { keys } = await startLab();
  const folder = await mkdtemp(join(tmpdir(), "container-registry-node-owners-"));
  defer(() => rm(folder, { recursive: true }));
  const image = await machineImage("bare");
  const fleet = use(await startSshNodes({ prefix: "node-owners", count: 2, image }));
  const nodes = fleet.nodes as [SshNode, SshNode];
  for (const { container } of nodes) await docker(["exec", container, "mkdir", "-p", args]);
  const stack = async (name: string) =>
    startStack({
      name,
      config: {
        containerRegistry: { host, requiresAuthForPush: false },
        variant: { kind: "existing", tls: { kind: "provided-ca", file: await caFile(folder, "ca") } },
      },
      secrets: { sshPrivateKey: keys.privateKey },
    });
  const other = use(await stack("node-owners-other"));
  const one = use(await stack("node-owners-one"));
  return { folder, nodes, one, other };
});

describe("two stacks on one node", () => {
  it("trust the same registry there, and the trust goes with the last of them", async () => {
    const { nodes, one, other } = world();
    for (const stack of [one, other]) {
      await setNode(stack, nodes[0].connection);
      await stack.up();
    }
    await one.destroy();
    expect(await trusts(nodes[0])).toEqual([host]);
    await other.destroy();
    expect(await trusts(nodes[0])).toEqual([]);
  });

  it("with another CA for the same registry, the second one is refused and told whose the first one is", async () => {
    const { folder, nodes, one, other } = world();
    await one.up();
    const variant = { kind: "existing", tls: { kind: "provided-ca", file: await caFile(folder, "other") } };
    await other.setConfig({ variant });
    const { exitCode, output } = await other.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /the stack container-registry\/node-owners-one \(owner [0-9a-f]{16}\) has other content there/,
    );
    expect(await trusts(nodes[0])).toEqual([host]);
    await other.destroy();
    await other.setConfig({ nodes: [] });
  });
});

describe("a node at another address", () => {
  it("that is the same machine keeps its trust", async () => {
    const { nodes, one } = world();
    const before = await changed(nodes[0]);
    await setNode(one, { ...nodes[0].connection, address: "localhost" });
    const { output } = await one.up();
    expect(output).toContain("left as it is: applied since over another connection to this machine");
    expect(await changed(nodes[0])).toBe(before);
    await setNode(one, nodes[0].connection);
    await one.up();
    expect(await changed(nodes[0])).toBe(before);
  });

  it("that is another machine is shown by the preview: trust there, and none on the old one at the end", async () => {
    const { nodes, one } = world();
    await setNode(one, nodes[1].connection);
    const { stdout } = await one.preview();
    expect(stdout).toMatch(new RegExp(`\\+ .*node-microk8s-apply@127.0.0.1-${nodes[1].connection.port} *create`));
    expect(stdout).toMatch(new RegExp(`- .*node-microk8s-apply@127.0.0.1-${nodes[0].connection.port} *delete`));
    await one.up();
    expect(await Promise.all(nodes.map(trusts))).toEqual([[], [host]]);
    await one.up({ flags: ["--expect-no-changes"] });
  });
});

it("another registry › takes the old one's place on the node", async () => {
  const { nodes, one } = world();
  await one.setConfig({ containerRegistry: { host: "other.lab.test", requiresAuthForPush: false } });
  await one.up();
  expect(await trusts(nodes[1])).toEqual(["other.lab.test"]);
});

it("a state of an earlier version of the program › is taken over in place, without a removal", async () => {
  const { nodes, one } = world();
  const state = JSON.stringify(await one.exportState()).replaceAll(
    `::node-microk8s-apply@127.0.0.1-${nodes[1].connection.port}`,
    "::node-apply",
  );
  await one.importState(JSON.parse(state));
  const { stdout } = await one.up();
  expect(stdout).not.toMatch(/\d+ (deleted|created|replaced)/);
  expect(await trusts(nodes[1])).toEqual(["other.lab.test"]);
  await one.destroy();
  expect(await trusts(nodes[1])).toEqual([]);
});

function setNode(stack: PulumiStack, connection: object): Promise<void> {
  return stack.setConfig({ nodes: [{ name: "node", connection, runtime: "microk8s", verify: "none" }] });
}

async function caFile(folder: string, name: string): Promise<string> {
  const file = join(folder, `${name}.pem`);
  await writeFile(file, (await newCa(name)).certificate, { flag: "wx" }).catch(() => {});
  return file;
}

/** The registries that the node's runtime is configured for. */
async function trusts({ container }: SshNode): Promise<string[]> {
  const found = await docker(["exec", container, "sh", "-c", `ls ${args}/certs.d 2>/dev/null || :`]);
  return found.split("\n").filter(Boolean);
}

/** Inode and time of the file with the registry's CA. They change whenever the file is written again. */
function changed({ container }: SshNode): Promise<string> {
  return docker(["exec", container, "stat", "--format", "%i %z", `${args}/certs.d/${host}/ca.crt`]);
}

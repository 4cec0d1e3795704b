import { describe, expect, it } from "vitest";
import { docker } from "../../../lab/docker/docker.ts";
import { startLab } from "../../../lab/lab.ts";
import { withWorld } from "../../with-world.ts";
import { freezeApply } from "../support/freeze.ts";
import { nodeFiles } from "../support/nodes/node-files.ts";
import { trustingNode } from "../support/nodes/trusting-node.ts";

const name = "node-dies";
const host = "node-dies-registry.lab.test";
const file = "/etc/rancher/k3s/registries.yaml";
const foreign = 'mirrors:\n  "*":\n    endpoint: [https://mirror.example.org] # theirs';
const folders = "/etc/rancher";

const world = withWorld(async ({ use, defer }) => {
  const { dns } = await startLab();
  defer(() => dns.remove(host));
  const node = use(await trustingNode({ name, host }));
  // No machine has this address, so that the request of an apply waits long enough for the tests to see it.
  await dns.add(host, "192.0.2.1");
  await node.machine.run('mkdir -p "$(dirname "$1")" && cat >"$1"', { args: [file], input: foreign });
  const before = await nodeFiles(node.machine, folders);
  return { node, before };
});

describe("a node that dies with the files in place, unproved", () => {
  it("fails its up", async () => {
    const { node, before } = world();
    await node.setNode({ runtime: "k3s", verify: "ping" });
    const up = node.stack.startUp();
    await freezeApply(node.machine, "pgrep --exact curl");
    expect(await nodeFiles(node.machine, folders)).not.toBe(before);
    await powerCut();
    const { exitCode, output } = await up.result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain("node-k3s-apply");
  });

  it("has its files put back first when it is up again and the next up fails too", async () => {
    const { node, before } = world();
    const { exitCode, output } = await node.stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/error: node: no connection to https:\/\/node-dies-registry\.lab\.test/);
    expect(await nodeFiles(node.machine, folders)).toBe(before);
  });
});

describe("a node that dies while files are staged", () => {
  it("has nothing changed", async () => {
    const { node, before } = world();
    const up = node.stack.startUp();
    const stage = "/var/lib/container-registry/trust-k3s-*/stage.*";
    await freezeApply(node.machine, `ls ${stage}`);
    await powerCut();
    expect(await up.result).not.toMatchObject({ exitCode: 0 });
    expect(await nodeFiles(node.machine, folders)).toBe(before);
  });
});

describe("a node that stands still, its up given up", () => {
  it("goes back alone once it wakes and finds no registry", async () => {
    const { node, before } = world();
    const up = node.stack.startUp();
    const asking = await freezeApply(node.machine, "pgrep --exact curl");
    await up.kill();
    await node.stack.unlock();
    await asking.thaw();
    // The apply on the node holds this lock until it ends, so waiting for the lock is waiting for the apply.
    await node.machine.run("flock --timeout 110 /var/lib/container-registry/lock true");
    expect(await nodeFiles(node.machine, folders)).toBe(before);
  });
});

describe("the next up, with nothing in its way", () => {
  it("comes to its end, and up without nodes leaves the files as they were, and nothing beside them", async () => {
    const { node, before } = world();
    const { machine, stack } = node;
    await node.setNode({ runtime: "k3s", verify: "none" });
    await stack.up();
    expect(await machine.run('cat "$1"', { args: [file] })).toContain(host);
    const temporary = "-name 'stage.*' -o -name previous -o -name pending -o -name '*.container-registry.new'";
    expect(await machine.run(`find /var/lib/container-registry /etc/rancher ${temporary}`)).toBe("");

    await stack.setConfig({ nodes: undefined });
    await stack.up();
    expect(await nodeFiles(machine, folders)).toBe(before);
    expect(await machine.run("find /var/lib/container-registry -name 'trust-*'")).toBe("");
  });
});

/** Kills all processes of the machine at once, as a power failure would, and boots the machine again. */
async function powerCut(): Promise<void> {
  const { node } = world();
  const { container } = node.machine;
  await docker(["kill", container]);
  await docker(["start", container]);
  await node.machine.run("until systemctl is-system-running --wait; do sleep 0.1; done");
}

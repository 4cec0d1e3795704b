import { describe, expect, it } from "vitest";
import { withWorld } from "../../with-world.ts";
import { nodeFiles } from "../support/nodes/node-files.ts";
import { trustingNode } from "../support/nodes/trusting-node.ts";

const host = "registry.example.org:5000";
const certs = "/var/snap/microk8s/current/args/certs.d";
const directory = `${certs}/registry.example.org_5000_`;

const world = withWorld(async ({ use }) => {
  const disks = { [certs]: 1, "/var/lib/container-registry": 1 };
  const node = use(await trustingNode({ name: "node-adversarial", host, kind: "docker", disks }));
  const before = await nodeFiles(node.machine);
  return { node, before };
});

describe("up fails on a node, names it with the file and the reason, and leaves its files as they were:", () => {
  it.each([
    {
      what: "a read-only file system",
      node: { runtime: "microk8s" },
      spoil: `mount -o remount,ro ${certs}`,
      mend: `mount -o remount,rw ${certs}`,
      says: new RegExp(`error: node: ${directory}.*: Read-only file system; nothing was touched`),
    },
    {
      what: "a full disk",
      node: { runtime: "microk8s" },
      spoil: `cat /dev/zero >${certs}/filler 2>/dev/null || :`,
      mend: `rm ${certs}/filler`,
      says: new RegExp(`error: node: ${directory}.*: No space left on device; nothing was touched`),
    },
    {
      what: "a full disk under the program's own state",
      node: { runtime: "microk8s" },
      spoil: "cat /dev/zero >/var/lib/container-registry/filler 2>/dev/null || :",
      mend: "rm /var/lib/container-registry/filler",
      says: /error: node: \/var\/lib\/container-registry\/.*: No space left on device; nothing was touched/,
    },
    {
      what: "registries in the old format in containerd's configuration",
      node: { runtime: "containerd" },
      spoil: `cp -p /etc/containerd/config.toml /var/tmp
        printf '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\\nendpoint = ["https://mirror.example.org"]\\n' >>/etc/containerd/config.toml`,
      mend: "cp -p /var/tmp/config.toml /etc/containerd/config.toml",
      says: /error: node: containerd has registries in the old format, registry\.mirrors, in \/etc\/containerd\/config\.toml;/,
    },
    {
      what: "a registries.yaml of another shape",
      node: { runtime: "k3s" },
      spoil: "mkdir -p /etc/rancher/k3s; printf 'mirrors: [a, b]\\n' >/etc/rancher/k3s/registries.yaml",
      mend: "rm -r /etc/rancher",
      says: /error: node: \/etc\/rancher\/k3s\/registries\.yaml: .*; nothing was touched/,
    },
    {
      what: "a runtime that is not there",
      node: { runtime: "cri-o" },
      spoil: ":",
      mend: ":",
      says: /error: node: CRI-O is not installed here; install it, or correct the node's runtime/,
    },
    {
      what: "a directory where the file is to be",
      node: { runtime: "microk8s" },
      spoil: `mkdir -p ${directory}/hosts.toml`,
      mend: `rm -r ${directory}`,
      says: new RegExp(`error: node: ${directory}/hosts\\.toml: a directory is in the way; nothing was touched`),
    },
  ])("$what", async ({ node: asked, spoil, mend, says }) => {
    const { node, before } = world();
    const { machine, stack } = node;
    await node.setNode(asked);
    await machine.run(spoil);
    const spoilt = await nodeFiles(machine);
    const { exitCode, output } = await stack.startUp().result;
    const left = await nodeFiles(machine);
    await machine.run(mend);

    expect(exitCode).not.toBe(0);
    expect(output).toMatch(says);
    expect(left).toBe(spoilt);
    expect(await nodeFiles(machine)).toBe(before);
  });
});

describe("an /etc/hosts without a final newline, and mounted", () => {
  const line = "192.0.2.10 registry.example.org";
  const mounted = withWorld(async () => {
    const { machine } = world().node;
    await machine.run(`printf '\\n# Ours.\\n198.51.100.7\\twiki.example.org' >>/etc/hosts`);
    return { files: await nodeFiles(machine) };
  });

  it("gets one line before the others, keeps those, and is the same file", async () => {
    const { node } = world();
    const { machine, stack } = node;
    const old = await hosts();
    const inode = await machine.run("stat -c %i /etc/hosts");
    await node.setNode({ runtime: "microk8s", hostsEntry: "192.0.2.10" });
    await stack.up();

    const now = await hosts();
    expect(now.endsWith(old), now).toBe(true);
    expect(now.match(new RegExp(line, "g"))).toHaveLength(1);
    expect(await machine.run("getent hosts registry.example.org wiki.example.org | tr -s ' ' | sort")).toBe(
      `${line}\n198.51.100.7 wiki.example.org`,
    );
    expect(await machine.run("stat -c %i /etc/hosts")).toBe(inode);
  });

  it("gets no second line when the node is applied anew", async () => {
    const { node } = world();
    const old = await hosts();
    await node.setNode({ runtime: "microk8s", hostsEntry: "192.0.2.10", generation: "2" });
    await node.stack.up();
    expect(await hosts()).toBe(old);
  });

  it("is as it was after up without nodes, and so is all else", async () => {
    const { node } = world();
    await node.stack.setConfig({ nodes: undefined });
    await node.stack.up();
    expect(await nodeFiles(node.machine)).toBe(mounted().files);
  });
});

describe("somebody who edits beside what is ours", () => {
  const mine = [
    `${directory}/client.cert`,
    `${certs}/docker.io/hosts.toml`,
    `${certs}/registry.example.org:5000/hosts.toml`,
  ];

  it("keeps a hosts.toml that was there first: replaced while ours is, and back after it", async () => {
    const { node } = world();
    const { machine, stack } = node;
    await machine.run(`mkdir -p "$1" && printf '# mine\\nserver = "https://a.example.org"' >"$1/hosts.toml"`, {
      args: [directory],
    });
    const own = await nodeFiles(machine);
    await node.setNode({ runtime: "microk8s", hostsEntry: "192.0.2.10" });
    await stack.up();
    expect(await machine.run('cat "$1/hosts.toml"', { args: [directory] })).toContain(host);

    await stack.setConfig({ nodes: undefined });
    await stack.up();
    expect(await nodeFiles(machine)).toBe(own);
    await machine.run('rm -r "$1"', { args: [directory] });
  });

  it("keeps every edit when ours is taken away", async () => {
    const { node } = world();
    const { machine, stack } = node;
    await node.setNode({ runtime: "microk8s", hostsEntry: "192.0.2.10" });
    await stack.up();
    await machine.run(
      `for file; do mkdir -p "$(dirname "$file")"; echo mine >"$file"; done
       { echo "203.0.113.9 first.example.org"; cat /etc/hosts; echo "203.0.113.10 last.example.org"; } >/tmp/hosts
       cat /tmp/hosts >/etc/hosts`,
      { args: mine },
    );
    const edited = await hosts();
    await stack.setConfig({ nodes: undefined });
    await stack.up();

    expect(await machine.run(`find ${certs} -type f | LC_ALL=C sort`)).toBe(mine.toSorted().join("\n"));
    const others = edited.split("\n").filter((each) => !each.includes("192.0.2.10"));
    expect((await hosts()).split("\n")).toEqual(others);
  });

  it("takes our line away too, which up sees once the node is applied anew", async () => {
    const { node } = world();
    const { machine, stack } = node;
    await node.setNode({ runtime: "microk8s", hostsEntry: "192.0.2.10" });
    await stack.up();
    await machine.run("grep -v registry.example.org /etc/hosts >/tmp/hosts; cat /tmp/hosts >/etc/hosts");
    const edited = await hosts();
    await stack.up();
    expect(await hosts()).toBe(edited);
    await node.setNode({ runtime: "microk8s", hostsEntry: "192.0.2.10", generation: "3" });
    await stack.up();
    expect(await hosts()).toContain("192.0.2.10 registry.example.org");
  });
});

/** The node's /etc/hosts with its last newlines. `echo .` protects them, because trailing newlines of an output are removed. */
async function hosts(): Promise<string> {
  return (await world().node.machine.run("cat /etc/hosts; echo .")).slice(0, -1);
}

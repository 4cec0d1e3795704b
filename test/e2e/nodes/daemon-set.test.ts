import { describe, expect, it, vi } from "vitest";
import type { Cluster } from "../../../lab/cluster/cluster.ts";
import type { ClusterNode } from "../../../lab/cluster/cluster-node.ts";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { podImageByDigest, pushPodImage } from "../support/pods.ts";

const name = "daemon-set";
const host = `${name}.lab.test`;
const reference = `${host}/p2c/shop:1`;
const namespace = "daemon-set-test";
const directory = `/etc/containerd/certs.d/${host}`;
const others = "/etc/containerd/certs.d/docker.io/hosts.toml";
const pods = ["--namespace", "registry-trust"];

/** The program checks the node every 30 s: this is the time of four checks. */
const healed = { timeout: 120_000, interval: 200 };

const world = withWorld(async ({ use, defer }) => {
  const [cluster, registry] = await Promise.all([
    startSharedCluster(),
    registryStack({ name, machine: { kind: "client" } }),
  ]);
  use(registry);
  defer(async () => {
    await registry.stack.destroy().catch(() => {});
    await cluster.kubectl(["delete", "namespace", namespace, "registry-trust", "--ignore-not-found"]);
    await onNodes(cluster, 'rm -f "$1"', others);
  });
  await cluster.kubectl(["delete", "namespace", namespace, "registry-trust", "--ignore-not-found"]);
  await cluster.kubectl(["create", "namespace", namespace]);
  await onNodes(cluster, `mkdir -p "$(dirname "$1")" && echo '# somebody else' >"$1"`, others);
  const before = await trustOfNodes(cluster);
  await registry.stack.setConfig({
    "kubernetes:kubeconfig": cluster.kubeconfig,
    "kubernetes:context": cluster.context,
  });
  await registry.stack.up();
  await pushPodImage(registry, reference);
  return { cluster, registry, before };
});

describe("before the DaemonSet", () => {
  it("no node pulls from the registry", async () => {
    const { cluster } = world();
    for (const worker of cluster.workers) await startShop(worker);
    for (const worker of cluster.workers) await shopIs(worker, "ImagePullBackOff");
  });
});

describe("the DaemonSet", () => {
  it("lets the same pods start on every node, pulled by the kubelet", async () => {
    const { cluster } = world();
    await upWith({});
    for (const worker of cluster.workers) await shopIs(worker, "running");
    expect(
      await cluster.kubectl(["get", "daemonsets", ...pods, "--output", "jsonpath={.items[*].status.numberReady}"]),
    ).toBe(String(1 + cluster.workers.length));
  });

  it("has nothing to do the second time", async () => {
    await world().registry.stack.preview({ expectNoChanges: true });
  });

  it("puts right on each node what somebody deleted or changed, and leaves foreign files alone", async () => {
    const { cluster } = world();
    const [first, second] = cluster.workers;
    const text = await first?.run(`cat ${directory}/hosts.toml`);
    await first?.run(`rm -r ${directory}`);
    await second?.run(`echo spoiled >${directory}/hosts.toml`);
    for (const worker of cluster.workers)
      await vi.waitUntil(async () => (await read(worker, `${directory}/hosts.toml`)) === text, healed);
    expect(await first?.run(`cat ${others}`)).toBe("# somebody else");
  });

  it("comes to a node that joins later", async () => {
    const { cluster } = world();
    const node = await cluster.addNode();
    await podImageByDigest(node);
    await startShop(node);
    await shopIs(node, "running");
    await cluster.kubectl(["delete", "pod", shop(node), "--namespace", namespace, "--now"]);
    await cluster.removeNode(node);
  });

  it("leaves the trust on a node that is drained, and when its pods are evicted", async () => {
    const { cluster } = world();
    const [node] = cluster.workers;
    if (!node) throw new Error("no worker");
    const inode = () => node.run(`stat --format %i ${directory}/hosts.toml`);
    const trusted = await inode();
    const force = ["--ignore-daemonsets", "--force", "--delete-emptydir-data"];
    await cluster.kubectl(["drain", node.name, ...force, "--pod-selector", `shop=${node.name}`]);
    await cluster.kubectl(["delete", "pods", ...pods, "--field-selector", `spec.nodeName=${node.name}`]);
    expect(await inode()).toBe(trusted);
    await cluster.kubectl(["uncordon", node.name]);
    await startShop(node);
    await shopIs(node, "running");
  });

  it("writes the registry's address to /etc/hosts where the stack has one, and takes it back with the setting", async () => {
    const { cluster, registry } = world();
    const { address } = registry.machine;
    const hosts = await onNodes(cluster, "cat /etc/hosts; echo .");
    await upWith({ hostsEntry: address });
    for (const each of Object.values(await onNodes(cluster, "head -n 1 /etc/hosts")))
      expect(each).toBe(`${address} ${host} # container-registry registry-trust/trust-${host}`);
    await upWith({});
    expect(await onNodes(cluster, "cat /etc/hosts; echo .")).toEqual(hosts);
    expect(await read(cluster.controlPlane, `${directory}/ca.crt`)).toContain("BEGIN CERTIFICATE");
  });

  it("removes all that it wrote in the end, and nothing else", async () => {
    const { cluster, registry, before } = world();
    await registry.stack.destroy();
    expect(await trustOfNodes(cluster)).toEqual(before);
    expect(
      await cluster.kubectl(["get", "daemonsets,configmaps,roles,rolebindings", ...pods, "--output", "name"]),
    ).toBe("configmap/kube-root-ca.crt");
  });
});

async function upWith(more: Record<string, unknown>): Promise<void> {
  const { cluster, registry } = world();
  const [digest] = await Promise.all(nodes(cluster).map(podImageByDigest));
  const image = { reference: `docker.io/container-registry-lab/pod@${digest}` };
  await registry.stack.setConfig({ nodeDaemonSet: { runtime: "containerd", image, ...more } });
  await registry.stack.up();
}

const shop = (node: ClusterNode) => `shop-${node.name}`;

/** Starts a pod on one node with an image of the registry. */
async function startShop(node: ClusterNode): Promise<void> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: shop(node), namespace, labels: { shop: node.name } },
    spec: {
      nodeName: node.name,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "shop", image: reference, imagePullPolicy: "Always" }],
    },
  };
  await world().cluster.kubectl(["apply", "--filename", "-"], JSON.stringify(pod));
}

async function shopIs(node: ClusterNode, state: "running" | "ImagePullBackOff"): Promise<void> {
  const path = state === "running" ? "{..state.running.startedAt}" : "{..state.waiting.reason}";
  const args = ["get", "pod", shop(node), "--namespace", namespace, "--output", `jsonpath=${path}`];
  const there = async () => {
    const found = await world().cluster.kubectl(args);
    return state === "running" ? found !== "" : found === state;
  };
  // The time limit is this long because the kubelet's pause between two pulls grows to minutes.
  await vi.waitUntil(there, { timeout: 200_000, interval: 500 });
}

/** The files below /etc/containerd/certs.d, with their contents, by node name. */
function trustOfNodes(cluster: Cluster): Promise<Record<string, string>> {
  return onNodes(cluster, "cd /etc/containerd/certs.d && find . | sort && find . -type f | sort | xargs cat");
}

async function onNodes(cluster: Cluster, script: string, ...args: string[]): Promise<Record<string, string>> {
  const said = nodes(cluster).map(async (node) => [node.name, await node.run(script, { args })] as const);
  return Object.fromEntries(await Promise.all(said));
}

function nodes(cluster: Cluster): ClusterNode[] {
  return [cluster.controlPlane, ...cluster.workers];
}

async function read(node: ClusterNode, path: string): Promise<string> {
  return (await node.attempt(`cat ${path}`)).stdout;
}

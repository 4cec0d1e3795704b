import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Cluster } from "../../../lab/cluster/cluster.ts";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { type Pod, podsBecome, podsOf, pulledDigests, pushPodImage, workloadOf } from "../support/pods.ts";

const name = "trusted-pods";
const host = `${name}.lab.test`;
const repository = `${host}/p2c/shop`;
const runtime = "containerd";

const world = withWorld(async ({ use, defer }) => {
  const [cluster, registry] = await Promise.all([
    startSharedCluster(),
    registryStack({ name, machine: { kind: "client" } }),
  ]);
  use(registry);
  defer(async () => {
    await registry.stack.destroy().catch(() => {});
    await cluster.kubectl(["delete", "namespace", name, "--ignore-not-found"]);
    // `crictl rmi` is not used, because it would remove the image under all of its names, even those that other pods need.
    await onNodes(cluster, `${images} list --quiet | grep '^${host}/' | xargs -r ${images} remove >/dev/null`);
  });
  await cluster.kubectl(["delete", "namespace", name, "--ignore-not-found"]);
  await cluster.kubectl(["create", "namespace", name]);
  // The files below certs.d on each node before the tests, by node name.
  const before = await onNodes(cluster, certsDirectory);
  await registry.stack.setConfig({ "kubernetes:kubeconfig": cluster.kubeconfig });
  await registry.stack.up();
  const digest = await pushPodImage(registry, `${repository}:1`);
  await apply(cluster, workloadOf("DaemonSet", "shop", name, `${repository}:1`));
  return { cluster, registry, before, digest };
});

describe.each([
  { way: "ssh", nodes: () => world().cluster.workers.map(({ name, connection }) => ({ name, runtime, connection })) },
  {
    way: "docker-container",
    nodes: () =>
      world().cluster.workers.map(({ name }) => ({ name, runtime, connection: { kind: "docker-container", name } })),
  },
  {
    way: "kind-cluster, proven by a pull",
    nodes: () => [
      { name: "dev", runtime, connection: { kind: "kind-cluster", name: world().cluster.name }, verify: "pull" },
    ],
  },
])("trust by $way", ({ nodes }) => {
  it("lets the very pods start that were refused, pulled by the kubelet, without a restart of containerd", async () => {
    const { cluster, digest } = world();
    const refused = await refusedPods();
    const containerd = await onNodes(cluster, startOfContainerd);
    await upWith(nodes());
    const running = await podsBecome(({ running }) => running, shop());
    expect(running.map(({ uid }) => uid)).toEqual(refused.map(({ uid }) => uid));
    expect(running.map(({ node }) => node)).toEqual(cluster.workers.map((worker) => worker.name).sort());
    expect(await pulledDigests(cluster, running)).toEqual(running.map(() => digest));
    expect(await onNodes(cluster, startOfContainerd)).toEqual(containerd);
  });

  it("has nothing to do the second time", async () => {
    await world().registry.stack.up({ flags: ["--expect-no-changes"] });
  });
});

describe("a kind cluster", () => {
  it("says where its registry is, as KEP-1755 has it", async () => {
    expect(parse(await hosting())).toMatchObject({
      host,
      hostFromContainerRuntime: host,
      hostFromClusterNetwork: host,
    });
  });
});

describe("a placeholder, does-not-exist", () => {
  const placeholder = () => ({ cluster: world().cluster, name: "placeholder", namespace: name, count: 1 });

  it("is refused until its Deployment is given a tag that was pushed", async () => {
    const { cluster, registry } = world();
    await apply(cluster, workloadOf("Deployment", "placeholder", name, `${repository}:does-not-exist`));
    const missing = ({ reason, message = "" }: Pod) => reason === "ImagePullBackOff" && message.includes("not found");
    const [waiting] = await podsBecome(missing, placeholder());

    const pushed = await pushPodImage(registry, `${repository}:2`);
    expect(await podsOf(placeholder())).toMatchObject([{ uid: waiting?.uid, running: false }]);
    const newTag = ["deployment/placeholder", `placeholder=${repository}:2`];
    await cluster.kubectl(["set", "image", ...newTag, "--namespace", name]);
    const started = await podsBecome(({ running }) => running, placeholder());
    expect(await pulledDigests(cluster, started)).toEqual([pushed]);
  });
});

describe("without its nodes", () => {
  it("the stack leaves none of it in the cluster, and a fresh pull fails again", async () => {
    await refusedPods();
    expect(await hosting()).toBe("");
  });
});

/** Starts pods on nodes that do not trust the registry, and waits until their pulls have failed for that reason only. */
async function refusedPods(): Promise<Pod[]> {
  const { cluster, before } = world();
  await upWith(undefined);
  expect(await onNodes(cluster, certsDirectory)).toEqual(before);
  await cluster.kubectl(["delete", "pods", "--selector", "app=shop", "--namespace", name, "--now"]);
  return podsBecome(
    ({ reason, message = "" }) => reason === "ImagePullBackOff" && message.includes("signed by unknown authority"),
    shop(),
  );
}

function shop() {
  const { cluster } = world();
  return { cluster, name: "shop", namespace: name, count: cluster.workers.length };
}

async function upWith(nodes: object[] | undefined): Promise<void> {
  const { registry } = world();
  await registry.stack.setConfig({ nodes });
  await registry.stack.up();
}

function apply(cluster: Cluster, object: object): Promise<string> {
  return cluster.kubectl(["apply", "--filename", "-"], JSON.stringify(object));
}

function hosting(): Promise<string> {
  const text = "jsonpath={.data.localRegistryHosting\\.v1}";
  const configMap = ["configmap", "local-registry-hosting", "--namespace", "kube-public"];
  return world().cluster.kubectl(["get", ...configMap, "--ignore-not-found", "--output", text]);
}

const images = "ctr --namespace k8s.io images";

const startOfContainerd = "systemctl show --property MainPID,ExecMainStartTimestampMonotonic containerd";

/** Shell command that prints the path and the content of every file below containerd's certs.d. */
const certsDirectory = "cd /etc/containerd/certs.d && find . | sort && find . -type f | sort | xargs -r cat";

async function onNodes(cluster: Cluster, script: string): Promise<Record<string, string>> {
  const nodes = [cluster.controlPlane, ...cluster.workers];
  return Object.fromEntries(await Promise.all(nodes.map(async (node) => [node.name, await node.run(script)] as const)));
}

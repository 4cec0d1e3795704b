import { describe, expect, it } from "vitest";
import { pinnedKubeconfig } from "../../../hosts/cluster/kubeconfig.ts";
import type { Cluster } from "../../../lab/cluster/cluster.ts";
import type { PulumiStack } from "../../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../../with-world.ts";
import { type ClusterRegistryStack, clusterRegistryStack } from "../support/cluster/cluster-registry-stack.ts";
import { podImageByDigest } from "../support/pods.ts";
import { importRecorded, recorded, type State } from "./recorded.ts";
import { restoreObjects, uids } from "./restored-objects.ts";

const name = "upgrade";
const apps = `${name}-apps`;
const trust = `${name}-trust`;

/** Objects whose names contain a hash of their content. The content includes the program, so a new program is a new object. */
const namedByContent =
  // written by version 0.1: registry-gate
  /^ConfigMap (upgrade\/registry-(gate|proxy)-|upgrade-trust\/trust-upgrade\.lab\.test-)[0-9a-f]{10}$/;

const world = withWorld(async ({ use, defer }) => {
  const registry = use(await clusterRegistryStack({ name }));
  const { cluster, stack } = registry;
  const { kubectl } = cluster;
  const removeNamespaces = () => kubectl(["delete", "namespace", apps, trust, "--ignore-not-found"]);
  defer(async () => {
    await stack.destroy().catch(() => {});
    await removeNamespaces();
  });
  await removeNamespaces();
  await createRecordedService(cluster);
  const { config, state } = await clusterRecording(registry);
  await stack.setConfig(config);
  const restored = await restoreObjects(kubectl, state);
  const secrets = JSON.stringify({ imagePullSecrets: [{ name: "registry" }] });
  await kubectl(["patch", "serviceaccount", "default", "--namespace", apps, "--patch", secrets]);
  await rolledOut(cluster);
  await importRecorded(stack, name, restored);

  const before = await uids(kubectl, await exported(stack));
  const trustBefore = await trustOfNodes(cluster);
  const said = (await stack.up()).stdout;
  const after = await uids(kubectl, await exported(stack));
  return { registry, before, trustBefore, said, after };
});

describe("up over a cluster's registry of version 0.1", () => {
  it("leaves every object the same, apart from those that are named by their content", () => {
    const { before, after } = world();
    const stable = (all: Record<string, string>) =>
      Object.fromEntries(Object.entries(all).filter(([object]) => !namedByContent.test(object)));
    expect(stable(after)).toEqual(stable(before));
    expect(Object.keys(after)).toHaveLength(Object.keys(before).length);
  });

  it("replaces nothing else in the state", () => {
    const replaced = [...world().said.matchAll(/^ *(?:\+-|\+|-|\+\+|--) +(\S+) (\S+) /gm)].map(([, type]) => type);
    for (const type of replaced) expect(type).toBe("kubernetes:core/v1:ConfigMap");
  });

  it("leaves the nodes' files as they were, to the byte", async () => {
    const { registry, trustBefore } = world();
    await rolledOut(registry.cluster);
    expect(await trustOfNodes(registry.cluster)).toEqual(trustBefore);
  });

  it("leaves nothing to do for the next up", async () => {
    await world().registry.stack.up({ flags: ["--expect-no-changes"] });
  });
});

/**
 * The address that the recording has: the nodes' files name it. Kubernetes gives out the lowest ones only when asked for
 * them.
 */
async function createRecordedService({ kubectl }: Cluster): Promise<void> {
  for (const namespace of [name, apps]) await kubectl(["create", "namespace", namespace]);
  const service = ["service", "clusterip", "registry", "--clusterip=10.96.0.77", "--tcp=5000:5000"];
  await kubectl(["create", ...service, "--namespace", name]);
  await kubectl(["wait", "--for=create", "serviceaccount/default", "--namespace", apps]);
}

async function clusterRecording({ cluster, variant }: ClusterRegistryStack) {
  const { kubeconfig, context, controlPlane, workers } = cluster;
  const [digest = ""] = await Promise.all([controlPlane, ...workers].map(podImageByDigest));
  const images = variant.images as Record<"registry" | "proxy", { reference: string }>;
  const uid = ["get", "namespace", "kube-system", "--output", "jsonpath={.metadata.uid}"];
  return recorded("cluster", {
    "@POD_DIGEST@": digest,
    "@REGISTRY_IMAGE@": images.registry.reference,
    "@PROXY_IMAGE@": images.proxy.reference,
    "@CLUSTER_UID@": await cluster.kubectl(uid),
    "@CONTEXT@": context,
    "@KUBECONFIG@": pinnedKubeconfig({ kubeconfig, context }).text,
  });
}

async function rolledOut({ kubectl }: Cluster): Promise<void> {
  await kubectl(["rollout", "status", "deployment/registry", "--namespace", name, "--timeout=120s"]);
  await kubectl(["rollout", "status", "daemonset", "--namespace", trust, "--timeout=120s"]);
}

function trustOfNodes({ workers, controlPlane }: Cluster): Promise<string[]> {
  const files = `cd /etc/containerd/certs.d/${name}.lab.test && sha256sum * && stat -c '%a %U:%G %n' *`;
  return Promise.all([controlPlane, ...workers].map((node) => node.run(files)));
}

async function exported(stack: PulumiStack): Promise<State> {
  return (await stack.exportState()) as State;
}

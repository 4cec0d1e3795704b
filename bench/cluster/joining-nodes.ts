import type { ClusterNode } from "../../lab/cluster/cluster-node.ts";
import type { ClusterRegistryStack } from "../../test/e2e/support/cluster/cluster-registry-stack.ts";
import { podImageByDigest } from "../../test/e2e/support/pods.ts";
import { type Row, row } from "../row.ts";

const rounds = 3;

/** How long after it is Ready a node may not trust the registry, in seconds. */
const allowed = 10;

/** How soon a node that joins trusts the registry by the DaemonSet. The image of the DaemonSet's pods is on the node already. */
export async function joiningNodeRows({ stack, cluster, host }: ClusterRegistryStack): Promise<Row[]> {
  const [digest] = await Promise.all([cluster.controlPlane, ...cluster.workers].map(podImageByDigest));
  const image = { reference: `docker.io/container-registry-lab/pod@${digest}` };
  await stack.setConfig({ nodeDaemonSet: { runtime: "containerd", image } });
  await stack.up();
  const written: [number, number][] = [];
  const checked: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const node = await cluster.addNode(podImageByDigest);
    const ready = await changedAt(cluster, `node/${node.name}`);
    written.push([(await writtenAt(node, host)) - ready, allowed]);
    checked.push([(await podReadyAt(cluster, node)) - ready, allowed]);
    await cluster.removeNode(node);
  }
  await stack.setConfig({ nodeDaemonSet: undefined });
  await stack.up();
  const limited = { unit: "s", peer: "what it may take", atMost: 1 };
  return [
    row({ what: "node that joins: from Ready until its runtime trusts the registry", pairs: written, ...limited }),
    row({ what: "node that joins: from Ready until its pod has asked the registry", pairs: checked, ...limited }),
  ];
}

type Cluster = ClusterRegistryStack["cluster"];

/** When the object became Ready, in whole seconds since 1970, rounded down. */
async function changedAt({ kubectl }: Cluster, object: string, ...more: string[]): Promise<number> {
  const path = "jsonpath={.status.conditions[?(@.type=='Ready')].lastTransitionTime}";
  return Date.parse(await kubectl(["get", object, ...more, "--output", path])) / 1000;
}

/** When the node's trust was written, in seconds since 1970. Containerd reads it for every pull. */
function writtenAt(node: ClusterNode, host: string): Promise<number> {
  const script = `until [ -s "$1" ]; do sleep 0.1; done; stat --format %.3Y "$1"`;
  return node
    .run(`timeout 120 sh -c '${script}' - "$1"`, { args: [`/etc/containerd/certs.d/${host}/hosts.toml`] })
    .then(Number);
}

async function podReadyAt(cluster: Cluster, { name }: ClusterNode): Promise<number> {
  const namespace = ["--namespace", "registry-trust"];
  const onNode = ["get", "pods", ...namespace, "--field-selector", `spec.nodeName=${name}`, "--output", "name"];
  const pod = await cluster.kubectl(onNode);
  await cluster.kubectl(["wait", "--for=condition=Ready", pod, ...namespace, "--timeout=120s"]);
  return changedAt(cluster, pod, ...namespace);
}

import { removeContainers } from "../docker/container.ts";
import { ensureKindNetwork } from "../network/network.ts";
import { startNipIo } from "../network/nip-io.ts";
import { step } from "../progress.ts";
import { addonsLabel, addonsVersion, applyAddons } from "./addons.ts";
import { type ClusterNode, joinCluster, loadPodImages, startNode } from "./cluster-node.ts";
import { freePool, poolLabel, startControlPlane, writeKubeconfig } from "./control-plane.ts";
import { clusterImages } from "./images.ts";
import { ensureInotifyInstances } from "./inotify.ts";
import { controlPlaneName, freeWorkerName, nodeContainers } from "./kind-labels.ts";
import { type Kubectl, kubectlWith } from "./kubectl.ts";

export type ClusterParts = { controlPlane: ClusterNode; workers: ClusterNode[]; kubeconfig: string };

/** Creates a cluster and waits until it is ready. Containers of an earlier cluster of that name are removed first. */
export async function createCluster(cluster: string, workerCount: number): Promise<ClusterParts> {
  await removeContainers((await nodeContainers(cluster)).map(({ name }) => name));
  await ensureKindNetwork();
  await clusterImages();
  await startNipIo();
  const pool = await freePool();
  const addons = await addonsVersion();

  const names: string[] = [];
  while (names.length < workerCount) names.push(freeWorkerName(cluster, names));
  const [controlPlane, workers] = await step(`cluster ${cluster}: boot ${names.length + 1} machines`, () =>
    Promise.all([
      startNode({
        cluster,
        name: controlPlaneName(cluster),
        role: "control-plane",
        labels: { [poolLabel]: String(pool), [addonsLabel]: addons },
      }),
      Promise.all(names.map((name) => startNode({ cluster, name, role: "worker" }))),
    ]),
  );
  await ensureInotifyInstances(controlPlane);
  const nodes = [controlPlane, ...workers];
  await step(`cluster ${cluster}: start the control plane, load the nodes' images`, () =>
    Promise.all([startControlPlane(controlPlane, pool), ...nodes.map(loadPodImages)]),
  );
  const kubeconfig = await writeKubeconfig(cluster, controlPlane);
  const kubectl = kubectlWith(kubeconfig);
  await step(`cluster ${cluster}: let the nodes join`, async () => {
    await applyAddons(kubectl);
    await Promise.all(nodes.map((node) => joinCluster(node, controlPlane, kubectl)));
  });
  await step(`cluster ${cluster}: wait for its DNS and its ingress controller`, () => serves(controlPlane, kubectl));
  return { controlPlane, workers, kubeconfig };
}

/** Address of the cluster's ingress controller. */
export function ingressAddress(kubectl: Kubectl): Promise<string> {
  const address = "jsonpath={.status.loadBalancer.ingress[0].ip}";
  return kubectl(["get", "service", "traefik", "--namespace", "traefik", "--output", address]);
}

async function serves(controlPlane: ClusterNode, kubectl: Kubectl): Promise<void> {
  await kubectl(["rollout", "status", "deployment/coredns", "--namespace", "kube-system", "--timeout=120s"]);
  await kubectl(["rollout", "status", "deployment/traefik", "--namespace", "traefik", "--timeout=120s"]);
  const wait = 'until curl --silent --output /dev/null --max-time 2 "http://$1/"; do sleep 0.2; done';
  await controlPlane.run(`timeout 60 sh -c '${wait}' sh "$1"`, { args: [await ingressAddress(kubectl)] });
}

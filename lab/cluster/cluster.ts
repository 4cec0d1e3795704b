import { startLab } from "../lab.ts";
import { LabError } from "../lab-error.ts";
import { withLabLock } from "../locks/lock.ts";
import { startNipIo } from "../network/nip-io.ts";
import { say } from "../progress.ts";
import { addonsVersion } from "./addons.ts";
import { type ClusterNode, joinCluster, loadImage, loadPodImages, startNode } from "./cluster-node.ts";
import { kubeconfigFile } from "./control-plane.ts";
import { type ClusterParts, createCluster, ingressAddress } from "./create-cluster.ts";
import { nodeImage } from "./images.ts";
import { freeWorkerName, type NodeContainer, nodeContainers } from "./kind-labels.ts";
import { type Kubectl, kubectlWith } from "./kubectl.ts";

export type ClusterOptions = {
  /** The cluster's name. As with kind, the control plane's container is `<name>-control-plane`. */
  name: string;
  /** @default 2 */
  workers?: number;
  /** Uses the running cluster of that name, if there is one, and leaves it running at the end. @default false */
  reuse?: boolean;
};

/** A cluster of real kubelets, with an ingress controller, load balancers, DNS and volumes. */
export interface Cluster extends AsyncDisposable {
  name: string;
  /** Path of the kubeconfig. The user of its only context has all permissions. */
  kubeconfig: string;
  /** `kind-<name>` */
  context: string;
  controlPlane: ClusterNode;
  /** The workers in the order in which they joined. `addNode` and `removeNode` change this list. */
  workers: ClusterNode[];
  kubectl: Kubectl;
  /** Address of the ingress controller (ports 80 and 443). The lab's machines and all nodes can connect to it. */
  ingressAddress: string;
  /** An image that every node has: Debian with a shell and curl. */
  podImage: string;
  /** Adds a worker and waits until it is ready. `beforeJoin` may prepare it, before any pod comes to it. */
  addNode(beforeJoin?: (node: ClusterNode) => Promise<unknown>): Promise<ClusterNode>;
  /** Kills a worker's machine and deletes its node from the cluster. */
  removeNode(node: ClusterNode): Promise<void>;
  /** Copies an image from the Docker that runs the lab to every node, under the same name. */
  loadImage(tag: string): Promise<void>;
  /** Removes the cluster, even a persistent one. */
  remove(): Promise<void>;
}

/**
 * Starts a cluster and waits until its nodes are ready and its ingress controller answers. This function takes no lock for the
 * time the cluster is used: two processes with the same name would change the same cluster. `startSharedCluster` takes such a lock.
 *
 * @example await using cluster = await startCluster({ name: "lab-rebuilt", workers: 1 })
 */
export async function startCluster({ name, workers = 2, reuse = false }: ClusterOptions): Promise<Cluster> {
  await startLab();
  const parts = await withLabLock(
    async () => (reuse && (await persistentCluster(name, workers))) || (await createCluster(name, workers)),
    "cluster",
  );
  return started(name, parts, reuse);
}

/**
 * The running cluster of that name, or undefined if it does not answer, has too few workers, or was created from images that are
 * out of date.
 */
async function persistentCluster(cluster: string, workerCount: number): Promise<ClusterParts | undefined> {
  const containers = await nodeContainers(cluster);
  if (containers.length === 0) return undefined;
  const kubeconfig = kubeconfigFile(cluster);
  const flaw = await flawOf(containers, workerCount, kubectlWith(kubeconfig));
  if (flaw !== undefined) {
    say(`  cluster ${cluster}: created again, because ${flaw}`);
    return undefined;
  }

  await startNipIo();
  const nodes = await Promise.all(containers.map(({ name, role }) => startNode({ cluster, name, role, reuse: true })));
  const [controlPlane] = nodes.filter(({ role }) => role === "control-plane");
  const workers = nodes.filter(({ role }) => role === "worker").sort((a, b) => a.name.localeCompare(b.name));
  return controlPlane && { controlPlane, workers, kubeconfig };
}

/** The reason why the running cluster cannot be used again, or undefined if it can. */
async function flawOf(
  containers: readonly NodeContainer[],
  workerCount: number,
  kubectl: Kubectl,
): Promise<string | undefined> {
  const image = await nodeImage();
  const workers = containers.filter(({ role }) => role === "worker");
  if (workers.length < workerCount) return `it has ${workers.length} workers instead of ${workerCount}`;
  const stopped = containers.find(({ running }) => !running);
  if (stopped !== undefined) return `${stopped.name} does not run`;
  const old = containers.find((each) => each.image !== image);
  if (old !== undefined) return `${old.name} was created from another image`;
  const addons = await addonsVersion();
  if (containers.some((each) => each.role === "control-plane" && each.addons !== addons))
    return "its addons are of another version";
  const nodes = containers.map(({ name }) => `node/${name}`);
  return kubectl(["wait", "--for=condition=Ready", ...nodes, "--timeout=60s"]).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

async function started(name: string, parts: ClusterParts, stays: boolean): Promise<Cluster> {
  const { controlPlane, workers, kubeconfig } = parts;
  const kubectl = kubectlWith(kubeconfig);
  const remove = async () => {
    await Promise.all([controlPlane, ...workers].map((node) => node[Symbol.asyncDispose]()));
  };
  return {
    name,
    kubeconfig,
    context: `kind-${name}`,
    controlPlane,
    workers,
    kubectl,
    ingressAddress: await ingressAddress(kubectl),
    podImage: "container-registry-lab/pod:1",
    addNode: async (beforeJoin) => {
      const taken = (await nodeContainers(name)).map((container) => container.name);
      const node = await startNode({ cluster: name, name: freeWorkerName(name, taken), role: "worker" });
      workers.push(node);
      await loadPodImages(node);
      await beforeJoin?.(node);
      await joinCluster(node, controlPlane, kubectl);
      return node;
    },
    removeNode: async (node) => {
      if (!workers.includes(node)) throw new LabError(`${node.name} is no worker of the cluster ${name}`);
      workers.splice(workers.indexOf(node), 1);
      await node[Symbol.asyncDispose]();
      await kubectl(["delete", "node", node.name]);
    },
    loadImage: async (tag) => {
      await Promise.all([controlPlane, ...workers].map((node) => loadImage(node, tag)));
    },
    remove,
    [Symbol.asyncDispose]: async () => {
      if (!stays) await remove();
    },
  };
}

import { startLab } from "../lab.ts";
import { LabError } from "../lab-error.ts";
import { takeLabLock, withLabLock } from "../locks/lock.ts";
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
  /** As kind's: the control plane's container is `<name>-control-plane`. */
  name: string;
  /** @default 2 */
  workers?: number;
  /** Takes the cluster of that name as it is, where one stands, and leaves it standing. @default false */
  reuse?: boolean;
};

/** A cluster of real kubelets, with an ingress controller, load balancers, DNS and volumes. */
export interface Cluster extends AsyncDisposable {
  name: string;
  /** Path of the file; its one context allows everything. */
  kubeconfig: string;
  /** `kind-<name>` */
  context: string;
  controlPlane: ClusterNode;
  /** As they joined; `addNode` and `removeNode` change it. */
  workers: ClusterNode[];
  kubectl: Kubectl;
  /** Where its ingress controller answers, on ports 80 and 443, to the lab's machines and to nodes. */
  ingressAddress: string;
  /** An image that every node has, Debian's with a shell and curl. */
  podImage: string;
  /** Lets one more worker join, and waits until it is ready. */
  addNode(): Promise<ClusterNode>;
  /** Ends a worker as a machine ends that is gone, and takes it out of the cluster. */
  removeNode(node: ClusterNode): Promise<void>;
  /** Gives every node an image of the Docker that runs the lab, under its name there. */
  loadImage(tag: string): Promise<void>;
  /** Removes it, one that was to stay as well. */
  remove(): Promise<void>;
}

/**
 * Starts a cluster and waits until its nodes are ready and its ingress controller answers.
 *
 * @example await using cluster = await startCluster({ name: "lab", reuse: true })
 */
export async function startCluster({ name, workers = 2, reuse = false }: ClusterOptions): Promise<Cluster> {
  await startLab();
  if (reuse) await alone(name);
  const parts = await withLabLock(
    async () => (reuse && (await persistentCluster(name, workers))) || (await createCluster(name, workers)),
    "cluster",
  );
  return started(name, parts, reuse);
}

const held = new Set<string>();

/** Tests change the nodes of a cluster that they share: the next one waits until this process ends. */
async function alone(name: string): Promise<void> {
  if (held.has(name)) return;
  await takeLabLock(`cluster-${name}`);
  held.add(name);
}

/** One that answers, with that many workers, made from what the lab makes one from today. */
async function persistentCluster(cluster: string, workerCount: number): Promise<ClusterParts | undefined> {
  const containers = await nodeContainers(cluster);
  if (containers.length === 0) return undefined;
  const kubeconfig = kubeconfigFile(cluster);
  const flaw = await flawOf(containers, workerCount, kubectlWith(kubeconfig));
  if (flaw !== undefined) {
    say(`  cluster ${cluster}: made anew, since ${flaw}`);
    return undefined;
  }

  await startNipIo();
  const nodes = await Promise.all(containers.map(({ name, role }) => startNode({ cluster, name, role, reuse: true })));
  const [controlPlane] = nodes.filter(({ role }) => role === "control-plane");
  const workers = nodes.filter(({ role }) => role === "worker").sort((a, b) => a.name.localeCompare(b.name));
  return controlPlane && { controlPlane, workers, kubeconfig };
}

/** Why these containers are no cluster to go on with. */
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
  if (old !== undefined) return `${old.name} was made from another image`;
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
    addNode: async () => {
      const taken = (await nodeContainers(name)).map((container) => container.name);
      const node = await startNode({ cluster: name, name: freeWorkerName(name, taken), role: "worker" });
      workers.push(node);
      await loadPodImages(node);
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

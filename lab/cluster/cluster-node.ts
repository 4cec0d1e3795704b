import { execa } from "execa";
import { addressIn } from "../docker/container.ts";
import { docker, label } from "../docker/docker.ts";
import { type Machine, startMachine } from "../hosts/machine.ts";
import { LabError } from "../lab-error.ts";
import { addresses, kindNetwork } from "../network/network.ts";
import { nodeImage, type PodImage, podImage } from "./images.ts";
import { kindLabels, type Role } from "./kind-labels.ts";
import type { Kubectl } from "./kubectl.ts";

/**
 * A machine with systemd, sshd, containerd and, after it has joined a cluster, a kubelet. The node's name is that of its
 * container.
 */
export interface ClusterNode extends Machine {
  role: Role;
  /** The node's address in the Docker network `kind`, in which nodes talk to each other. */
  nodeAddress: string;
}

export type NodeOptions = {
  cluster: string;
  /** The name of the container, of the node in Kubernetes and of the host. kind uses one name for all three, too. */
  name: string;
  role: Role;
  /** Uses the running node of that name, if there is one. @default false */
  reuse?: boolean;
  /** Docker's labels, besides kind's. @default none */
  labels?: Record<string, string>;
};

/** Boots a machine with kind's labels, which has not joined a cluster yet. */
export async function startNode({ cluster, name, role, reuse, labels = {} }: NodeOptions): Promise<ClusterNode> {
  await refuseForeign(name);
  const machine = await startMachine({
    name,
    container: name,
    image: await nodeImage(),
    networks: [kindNetwork],
    labels: { ...kindLabels(cluster, role), ...labels },
    publish: role === "control-plane" ? [6443] : [],
    reuse,
  });
  return { ...machine, role, nodeAddress: await addressIn(kindNetwork, name) };
}

/**
 * Loads the images of the lab's pods into a node, as `container-registry-lab/<name>:1`: a new cluster has no registry to
 * pull from.
 */
export async function loadPodImages(node: ClusterNode): Promise<void> {
  // Only control planes get the image `system`, because system pods run only there.
  const names: PodImage[] = node.role === "worker" ? ["pod"] : ["pod", "system"];
  for (const name of names) {
    const { tag, archive } = await podImage(name);
    await execa("docker", ["exec", "--interactive", node.container, ...ctrImport], { inputFile: archive });
    await tagImage(node, tag, name);
    if (name === "pod") await tagImage(node, tag, "pause");
  }
}

async function tagImage(node: ClusterNode, tag: string, name: PodImage | "pause"): Promise<void> {
  const names = [tag, `container-registry-lab/${name}:1`].map((each) => `docker.io/${each}`);
  await node.run('ctr --namespace k8s.io images tag --force "$@"', { args: names });
}

/** Copies an image from the Docker that runs the lab to the node, under the same name. */
export async function loadImage(node: ClusterNode, tag: string): Promise<void> {
  await execa("docker", ["save", tag], { buffer: false }).pipe("docker", [
    "exec",
    "--interactive",
    node.container,
    ...ctrImport,
  ]);
}

// With `--local`, ctr imports an image in half the time.
const ctrImport = ["ctr", "--namespace", "k8s.io", "images", "import", "--local", "-"];

/** Joins a node to the cluster with credentials from the control plane, and waits until it is ready. */
export async function joinCluster(node: ClusterNode, controlPlane: ClusterNode, kubectl: Kubectl): Promise<void> {
  const server = `https://${controlPlane.nodeAddress}:6443`;
  const credentials = await controlPlane.run(
    `issue() { echo "--- $1"; /usr/local/lib/cluster/credentials "$2" "$3" "$server"; }
     server=$1
     issue kubelet "system:node:$2" system:nodes
     issue kube-proxy system:kube-proxy system:node-proxier
     issue agent "lab:agent:$2" system:masters`,
    { args: [server, node.container] },
  );
  await node.run('/usr/local/lib/cluster/join "$@"', {
    args: [node.nodeAddress, node.role, addresses.dns],
    input: `${credentials}\n`,
  });
  await kubectl(["wait", "--for=create", `node/${node.name}`, "--timeout=120s"]);
  await kubectl(["label", "node", node.name, `node-role.kubernetes.io/${node.role}=`]);
  await kubectl(["wait", "--for=condition=Ready", `node/${node.name}`, "--timeout=120s"]);
}

/** Fails if a container of that name exists that the lab did not create, such as a node of a real kind cluster. */
async function refuseForeign(container: string): Promise<void> {
  const there = ["container", "ls", "--all", "--quiet", "--filter", `name=^/?${container}$`];
  if ((await docker(there)) !== (await docker([...there, "--filter", `label=${label}`])))
    throw new LabError(
      `a container ${container} that is not the lab's exists already; choose another name for the lab's cluster`,
    );
}

import { execa } from "execa";
import { addressIn } from "../docker/container.ts";
import { docker, label } from "../docker/docker.ts";
import { type Machine, startMachine } from "../hosts/machine.ts";
import { LabError } from "../lab-error.ts";
import { addresses, kindNetwork } from "../network/network.ts";
import { nodeImage, type PodImage, podImage } from "./images.ts";
import { kindLabels, type Role } from "./kind-labels.ts";
import type { Kubectl } from "./kubectl.ts";

/** A machine with systemd, sshd, containerd and, once it joined, a kubelet. `container` is the node's name too. */
export interface ClusterNode extends Machine {
  role: Role;
  /** Where other nodes find it, in the network `kind`. */
  nodeAddress: string;
}

export type NodeOptions = {
  cluster: string;
  /** As kind has it: the container, the node in Kubernetes and the host name. */
  name: string;
  role: Role;
  /** Takes the node of that name as it is, where one runs. @default false */
  reuse?: boolean;
  /** Docker's labels, besides kind's. @default none */
  labels?: Record<string, string>;
};

/** Boots a machine that carries kind's labels; no cluster knows it yet. */
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

/** Gives a node what pods of its are made from, as `container-registry-lab/<name>:1`: there is no registry yet. */
export async function loadPodImages(node: ClusterNode): Promise<void> {
  // The cluster's own pods run beside its control plane.
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

/** Gives it an image of the Docker that runs the lab, under its name there. */
export async function loadImage(node: ClusterNode, tag: string): Promise<void> {
  await execa("docker", ["save", tag], { buffer: false }).pipe("docker", [
    "exec",
    "--interactive",
    node.container,
    ...ctrImport,
  ]);
}

// By `--local` in half the time.
const ctrImport = ["ctr", "--namespace", "k8s.io", "images", "import", "--local", "-"];

/** Lets it join, as who the control plane says it is, and waits until Kubernetes calls it ready. */
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

/** Somebody's real kind cluster may bear the same name. */
async function refuseForeign(container: string): Promise<void> {
  const there = ["container", "ls", "--all", "--quiet", "--filter", `name=^/?${container}$`];
  if ((await docker(there)) !== (await docker([...there, "--filter", `label=${label}`])))
    throw new LabError(
      `a container ${container} that is not the lab's is in the way; give the lab's cluster another name`,
    );
}

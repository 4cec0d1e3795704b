import { vi } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import type { Cluster } from "../../../lab/cluster/cluster.ts";
import { podImage } from "../../../lab/cluster/images.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { proxyAnswers } from "./cluster/proxy-answers.ts";
import type { RegistryStack } from "./host/registry-stack.ts";

/** A pod with one container, as the Kubernetes API describes it. */
export type Pod = {
  uid: string;
  node: string;
  running: boolean;
  /** Name and tag of the image that the pod asks for. */
  image: string;
  /** The reason why the pod does not run, as in ImagePullBackOff. */
  reason?: string;
  message?: string;
};

/** Pushes an image that a pod can run, from a machine of kind `client`, and returns the image's digest. */
export async function pushPodImage(
  { machine, stack, host }: Pick<RegistryStack, "machine" | "stack" | "host">,
  reference: string,
): Promise<string> {
  const { registryCa, accounts } = await stack.outputs();
  await trust(machine, host, String(registryCa));
  await proxyAnswers(machine, `https://${host}`);
  await machine.copyTo((await podImage("pod")).archive, "/var/tmp/pod.tar");
  const jenkins = { name: "jenkins", password: String(Object(accounts).jenkins) };
  const pushed = await clients.skopeo.push(machine, "/var/tmp/pod.tar", reference, jenkins);
  if (!pushed.ok) throw new Error(`pushing ${reference} failed: ${pushed.output}`);
  return pushed.digest;
}

/** Adds a name with a digest to the image that every node has, as after a pull, and returns the digest. */
export function podImageByDigest(node: Machine): Promise<string> {
  return node.run(
    `name=docker.io/container-registry-lab/pod
     digest=$(ctr --namespace k8s.io images list "name==$name:1" | grep -o 'sha256:[0-9a-f]*' | head -n 1)
     ctr --namespace k8s.io images tag --force "$name:1" "$name@$digest" >/dev/null
     echo "$digest"`,
  );
}

/** A DaemonSet or Deployment whose pods pull their image each time they start. */
export function workloadOf(kind: "DaemonSet" | "Deployment", name: string, namespace: string, image: string): object {
  const labels = { app: name };
  const containers = [{ name, image, imagePullPolicy: "Always", command: ["sleep", "infinity"] }];
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers } },
    },
  };
}

/** A DaemonSet or Deployment, and the number of pods that it should have. */
export type Workload = { cluster: Cluster; name: string; namespace: string; count: number };

/** A workload's pods, sorted by node, without those that are being deleted. */
export async function podsOf({ cluster, name, namespace }: Workload): Promise<Pod[]> {
  const selected = ["get", "pods", "--namespace", namespace, "--selector", `app=${name}`, "--output", "json"];
  const { items } = JSON.parse(await cluster.kubectl(selected)) as PodList;
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata, spec, status }) => {
      const [container] = status.containerStatuses ?? [];
      const { running, waiting } = container?.state ?? {};
      const image = spec.containers[0]?.image ?? "";
      return { uid: metadata.uid, node: spec.nodeName ?? "", running: running !== undefined, image, ...waiting };
    })
    .sort((one, other) => one.node.localeCompare(other.node));
}

/** Waits until a workload has all of its pods and `are` is true for each of them. */
export async function podsBecome(are: (pod: Pod) => boolean, workload: Workload): Promise<Pod[]> {
  let pods: Pod[] = [];
  const there = async () => {
    pods = await podsOf(workload);
    return pods.length === workload.count && pods.every(are);
  };
  // The time limit is this long because the kubelet's pause between two pulls grows to minutes.
  await vi.waitUntil(there, { timeout: 200_000, interval: 500 }).catch(() => {
    throw new Error(
      `pods of ${workload.name} are not as they should be after 200 s: ${JSON.stringify(pods, undefined, 2)}`,
    );
  });
  return pods;
}

/**
 * Digests that the pods' nodes have for the images that they asked for. A pod's own `imageID` does not tell it: where a node has an
 * image's layers under several names, with a digest each, containerd reports one of these names for all.
 */
export function pulledDigests({ controlPlane, workers }: Cluster, pods: readonly Pod[]): Promise<string[]> {
  return Promise.all(
    pods.map(async ({ node, image }) => {
      const machine = [controlPlane, ...workers].find(({ name }) => name === node);
      if (machine === undefined) throw new Error(`the cluster has no node ${node}`);
      const listed = await machine.run(`ctr --namespace k8s.io images list "name==${image}"`);
      return listed.match(/sha256:[0-9a-f]{64}/)?.[0] ?? "";
    }),
  );
}

type PodList = {
  items: {
    metadata: { uid: string; deletionTimestamp?: string };
    spec: { nodeName?: string; containers: { image: string }[] };
    status: {
      containerStatuses?: {
        state?: { running?: object; waiting?: { reason: string; message?: string } };
      }[];
    };
  }[];
};

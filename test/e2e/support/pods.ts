import { vi } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import type { Cluster } from "../../../lab/cluster/cluster.ts";
import { podImage } from "../../../lab/cluster/images.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { proxyAnswers } from "./cluster/proxy-answers.ts";
import type { RegistryStack } from "./host/registry-stack.ts";

/** One pod of one container, as Kubernetes tells of it. */
export type Pod = {
  uid: string;
  node: string;
  running: boolean;
  /** Of its image, once it runs. containerd has one name for what several registries have. */
  digest: string;
  /** Why it does not run, as in ImagePullBackOff. */
  reason?: string;
  message?: string;
};

/** Pushes an image that a pod can run, and gives its digest. From a machine of kind `client`. */
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

/** Names the image that every node has by its digest too, as a pull would have done, and gives the digest. */
export function podImageByDigest(node: Machine): Promise<string> {
  return node.run(
    `name=docker.io/container-registry-lab/pod
     digest=$(ctr --namespace k8s.io images list "name==$name:1" | grep -o 'sha256:[0-9a-f]*' | head -n 1)
     ctr --namespace k8s.io images tag --force "$name:1" "$name@$digest" >/dev/null
     echo "$digest"`,
  );
}

/** A workload of that name in that namespace, whose pods ask the registry each time they start. */
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

/** A workload, and how many pods it is to have. */
export type Workload = { cluster: Cluster; name: string; namespace: string; count: number };

/** A workload's pods by node, those about to end left out. */
export async function podsOf({ cluster, name, namespace }: Workload): Promise<Pod[]> {
  const selected = ["get", "pods", "--namespace", namespace, "--selector", `app=${name}`, "--output", "json"];
  const { items } = JSON.parse(await cluster.kubectl(selected)) as PodList;
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata, spec, status }) => {
      const [container] = status.containerStatuses ?? [];
      const { running, waiting } = container?.state ?? {};
      const digest = container?.imageID.split("@")[1] ?? "";
      return { uid: metadata.uid, node: spec.nodeName ?? "", running: running !== undefined, digest, ...waiting };
    })
    .sort((one, other) => one.node.localeCompare(other.node));
}

/** Waits until all of a workload's pods are there, and each is as asked. */
export async function podsBecome(are: (pod: Pod) => boolean, workload: Workload): Promise<Pod[]> {
  let pods: Pod[] = [];
  const there = async () => {
    pods = await podsOf(workload);
    return pods.length === workload.count && pods.every(are);
  };
  // The kubelet's pause between two pulls grows to minutes.
  await vi.waitUntil(there, { timeout: 200_000, interval: 500 }).catch(() => {
    throw new Error(
      `pods of ${workload.name} are not as they should be after 200 s: ${JSON.stringify(pods, undefined, 2)}`,
    );
  });
  return pods;
}

type PodList = {
  items: {
    metadata: { uid: string; deletionTimestamp?: string };
    spec: { nodeName?: string };
    status: {
      containerStatuses?: {
        imageID: string;
        state?: { running?: object; waiting?: { reason: string; message?: string } };
      }[];
    };
  }[];
};

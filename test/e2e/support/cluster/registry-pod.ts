import type { Cluster } from "../../../../lab/cluster/cluster.ts";
import type { ClusterNode } from "../../../../lab/cluster/cluster-node.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";

/** The one pod of a registry in a cluster. */
export type RegistryPod = {
  address: string;
  node: ClusterNode;
  /** A worker on which the pod does not run. */
  elsewhere: ClusterNode;
  /** The time since when the pod has been ready, in milliseconds since 1970; undefined if the pod is not ready. */
  readySince?: number;
  /** The total number of restarts of the pod's containers. */
  restarts: number;
};

export async function registryPod({ kubectl, workers }: Cluster, namespace: string): Promise<RegistryPod> {
  const selected = ["--selector", "app.kubernetes.io/name=registry", "--field-selector", "status.phase=Running"];
  const list = JSON.parse(await kubectl(["get", "pods", "--namespace", namespace, ...selected, "--output", "json"]));
  const [pod, ...others] = (list as PodList).items;
  const node = workers.find(({ container }) => container === pod?.spec.nodeName);
  const elsewhere = workers.find((each) => each !== node);
  if (pod === undefined || others.length > 0 || node === undefined || elsewhere === undefined)
    throw new Error(`${namespace} has not one registry on one of two workers: ${JSON.stringify(list)}`);
  const { podIP, conditions, containerStatuses } = pod.status;
  const ready = conditions.find(({ type, status }) => type === "Ready" && status === "True");
  return {
    address: podIP,
    node,
    elsewhere,
    readySince: ready && Date.parse(ready.lastTransitionTime),
    restarts: containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
  };
}

/** The HTTP status that a machine gets for a URL, or the meaning of curl's exit code if there is no answer. */
export async function statusFor(from: Machine, url: string, { retrySeconds = 20 } = {}): Promise<string> {
  const { stdout, output } = await from.attempt(
    `curl --insecure --silent --output /dev/null --write-out '%{http_code} %{exitcode}' --max-time "$1" "$2"`,
    { args: [String(retrySeconds), url] },
  );
  const [status = "", exitCode] = stdout.split(" ");
  if (exitCode === "0") return status;
  return exitCode === "28" ? "no answer" : `curl failed with ${exitCode}: ${output}`;
}

type PodList = {
  items: {
    spec: { nodeName?: string };
    status: {
      podIP: string;
      conditions: { type: string; status: string; lastTransitionTime: string }[];
      containerStatuses: { restartCount: number }[];
    };
  }[];
};

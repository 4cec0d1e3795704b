import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { docker } from "../docker/docker.ts";
import { LabError } from "../lab-error.ts";
import { addresses, loadBalancerPool, pools } from "../network/network.ts";
import { stateDirectory } from "../state.ts";
import type { ClusterNode } from "./cluster-node.ts";

/** Label of a control plane's container: the number of its address pool for load balancers. */
export const poolLabel = "container-registry.lab.pool";

/** Returns the number of an address pool that no other cluster uses. */
export async function freePool(): Promise<number> {
  const format = `{{.Label "${poolLabel}"}}`;
  const used = await docker(["container", "ls", "--all", "--filter", `label=${poolLabel}`, "--format", format]);
  const free = [...Array(pools).keys()].find((each) => !used.split("\n").includes(String(each)));
  if (free === undefined)
    throw new LabError(`${pools} clusters run already; remove one (docker rm), or \`npm run lab:down\``);
  return free;
}

/** Starts etcd and the three programs of a control plane, and waits until the API server answers. */
export async function startControlPlane(node: ClusterNode, pool: number): Promise<void> {
  const { ok, output } = await node.attempt('/usr/local/lib/cluster/start-control-plane "$@"', {
    args: [node.nodeAddress, addresses.dns, ...loadBalancerPool(pool)],
    timeoutSeconds: 240,
  });
  if (ok) return;
  const log = await node.attempt("journalctl --unit kube-apiserver --unit etcd --lines 20 --no-pager --output cat");
  throw new LabError(`the API server of ${node.container} does not answer: ${output}\n${log.output}`);
}

/** Writes a kubeconfig that works on this machine: its server is on 127.0.0.1, and its user has all permissions. */
export async function writeKubeconfig(cluster: string, controlPlane: ClusterNode): Promise<string> {
  const server = `https://127.0.0.1:${await controlPlane.published(6443)}`;
  const args = ["kubernetes-admin", "system:masters", server, `kind-${cluster}`];
  const text = await controlPlane.run('/usr/local/lib/cluster/credentials "$@"', { args });
  await mkdir(join(stateDirectory(), "clusters"), { recursive: true });
  await writeFile(kubeconfigFile(cluster), `${text}\n`, { mode: 0o600 });
  return kubeconfigFile(cluster);
}

export function kubeconfigFile(cluster: string): string {
  return join(stateDirectory(), "clusters", `${cluster}.kubeconfig`);
}

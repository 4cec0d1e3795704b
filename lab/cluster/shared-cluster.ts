import { takeFreeLock } from "../locks/lock.ts";
import { type Cluster, startCluster } from "./cluster.ts";

/** Names of the persistent clusters. Each cluster uses about 2 GiB of memory. */
const persistentClusters = ["lab", "lab-2", "lab-3"] as const;

type PersistentCluster = (typeof persistentClusters)[number];

let taken: Promise<string> | undefined;

/**
 * Starts one of the persistent clusters, or uses it if it runs already. No other process may use the cluster until this process
 * ends, because tests change the nodes of their cluster. If all clusters are in use, this function waits for one.
 */
export async function startSharedCluster(names: readonly PersistentCluster[] = persistentClusters): Promise<Cluster> {
  taken ??= takeOneOf(names);
  return startCluster({ name: await taken, reuse: true });
}

async function takeOneOf(names: readonly PersistentCluster[]): Promise<string> {
  const { part } = await takeFreeLock(names.map((name) => `cluster-${name}` as const));
  return part.slice("cluster-".length);
}

import { takeFreeLock } from "../locks/lock.ts";
import { type Cluster, startCluster } from "./cluster.ts";

/** Each has about 2 GiB of memory in use. */
const persistentClusters = ["lab", "lab-2", "lab-3"] as const;

type PersistentCluster = (typeof persistentClusters)[number];

let taken: Promise<string> | undefined;

/**
 * One of the persistent clusters, for this process alone until it ends: tests change the nodes of the cluster they use. It is
 * created where it does not run yet. With all of them in use, this waits until another process ends.
 */
export async function startSharedCluster(names: readonly PersistentCluster[] = persistentClusters): Promise<Cluster> {
  taken ??= takeOneOf(names);
  return startCluster({ name: await taken, reuse: true });
}

async function takeOneOf(names: readonly PersistentCluster[]): Promise<string> {
  const { part } = await takeFreeLock(names.map((name) => `cluster-${name}` as const));
  return part.slice("cluster-".length);
}

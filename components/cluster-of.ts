import type { Settings } from "../settings/settings.ts";
import { type KubernetesClusterArgs, kindCluster, stackCluster } from "./kubernetes-cluster.ts";

/** The cluster that a stack works in; none where it works in none. To be called before any resource. */
export function clusterOf({ variant, nodeDaemonSet }: Settings): KubernetesClusterArgs | undefined {
  if (variant.kind === "hybrid") return kindCluster(variant.clusterName);
  return variant.kind === "cluster" || nodeDaemonSet ? stackCluster() : undefined;
}

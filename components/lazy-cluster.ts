import type { Settings } from "../settings/settings.ts";
import { type KubernetesClusterArgs, kindCluster, stackCluster } from "./kubernetes-cluster.ts";

/** The cluster that a stack works in; none where it works in none. To be called before any resource. */
export function clusterOf(settings: Settings): KubernetesClusterArgs | undefined {
  const { variant, nodeDaemonSet, jenkins, pipelineConfig, pullSecrets, flux } = settings;
  if (variant.kind === "hybrid") return kindCluster(variant.clusterName);
  const consumers = jenkins?.via === "kubernetes" || pipelineConfig || pullSecrets.length > 0 || flux;
  return variant.kind === "cluster" || nodeDaemonSet || consumers ? stackCluster() : undefined;
}

import type { Variant } from "../settings/variants/variant.ts";
import { KubernetesCluster, kindCluster, stackCluster } from "./kubernetes-cluster.ts";

/**
 * The Kubernetes cluster that a stack works in. Its resource is created at the first call of `get`, so a stack that
 * needs no cluster has none, and no list of the settings that need a cluster has to be maintained.
 */
export class LazyCluster {
  readonly #variant: Variant;
  #created?: KubernetesCluster;

  constructor(variant: Variant) {
    this.#variant = variant;
  }

  /** Creates the resource `cluster` at the first call. Throws a ProgramError where the stack file names no cluster. */
  get(): KubernetesCluster {
    this.#created ??= new KubernetesCluster(
      "cluster",
      this.#variant.kind === "hybrid" ? kindCluster(this.#variant.clusterName) : stackCluster(),
    );
    return this.#created;
  }
}

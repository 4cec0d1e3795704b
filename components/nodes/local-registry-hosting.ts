import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { type LocalRegistryHosting as Hosting, localRegistryHosting } from "../../render/local-registry-hosting.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";

export interface LocalRegistryHostingArgs {
  cluster: KubernetesCluster;
  hosting: pulumi.Input<Hosting>;
}

/**
 * The ConfigMap where development tools look up the address of a cluster's registry (KEP-1755). A cluster has only one.
 */
export class LocalRegistryHosting extends pulumi.ComponentResource {
  constructor(name: string, args: LocalRegistryHostingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:nodes:LocalRegistryHosting", name, {}, opts);
    const { cluster, hosting } = args;

    new ConfigMap(
      `${name}-config`,
      {
        metadata: { name: "local-registry-hosting", namespace: "kube-public" },
        data: { "localRegistryHosting.v1": pulumi.output(hosting).apply(localRegistryHosting) },
      },
      { parent: this, provider: cluster.provider },
    );
    this.registerOutputs();
  }
}

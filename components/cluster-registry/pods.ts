import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import * as pulumi from "@pulumi/pulumi";
import { labels, names, podLabels } from "../../render/cluster-registry/names.ts";
import { networkPolicySpec } from "../../render/cluster-registry/network-policy.ts";
import { podSpec } from "../../render/cluster-registry/pod.ts";
import { rollout } from "../../render/cluster-registry/rollout.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { imagePullErrors } from "../image-pull-errors.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import type { Target } from "./target.ts";

export type PodConfigs = {
  /** Name of the ConfigMap with the Caddyfile. */
  proxyConfig: pulumi.Input<string>;
  /** Name of the Secret with distribution's configuration. */
  registryConfig: pulumi.Input<string>;
  /** Name of the ConfigMap with the ui's files. @default none */
  ui?: pulumi.Input<string>;
  /** Where the pods prefer to run. @default anywhere */
  affinity?: object;
  /**
   * Mounted objects whose names never change. The pods must depend on them explicitly, since their names are no
   * outputs.
   */
  mounted: pulumi.Resource[];
};

/** The pods, their NetworkPolicy, and with several replicas their PodDisruptionBudget. */
export function createPods(
  variant: ClusterVariant,
  configs: PodConfigs,
  { name, namespace, options }: Target,
  cluster: KubernetesCluster,
): Deployment {
  const { proxyConfig, registryConfig, ui, affinity, mounted } = configs;
  const { replicas } = variant;
  new NetworkPolicy(
    `${name}-network-policy`,
    { metadata: { name: names.networkPolicy, namespace, labels }, spec: networkPolicySpec(variant) },
    options,
  );
  if (replicas > 1)
    new PodDisruptionBudget(
      `${name}-disruption-budget`,
      {
        metadata: { name: names.disruptionBudget, namespace, labels },
        spec: { maxUnavailable: 1, selector: { matchLabels: podLabels } },
      },
      options,
    );
  return new Deployment(
    `${name}-pods`,
    {
      metadata: { name: names.deployment, namespace, labels },
      spec: {
        replicas,
        strategy: rollout(variant),
        selector: { matchLabels: podLabels },
        template: {
          metadata: { labels: { ...labels, ...podLabels } },
          spec: pulumi
            .all([proxyConfig, registryConfig, ui])
            .apply(([proxyConfig, registryConfig, ui]) =>
              podSpec(variant, { proxyConfig, registryConfig, ui, affinity }),
            ),
        },
      },
    },
    { ...options, ...imagePullErrors(name, "variant.images", cluster), dependsOn: mounted },
  );
}

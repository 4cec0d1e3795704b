import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import * as pulumi from "@pulumi/pulumi";
import { labels, names, podLabels } from "../../render/cluster-registry/names.ts";
import { networkPolicySpec } from "../../render/cluster-registry/network-policy.ts";
import { podSpec } from "../../render/cluster-registry/pod.ts";
import { rollout } from "../../render/cluster-registry/rollout.ts";
import type { ClusterVariant } from "../../settings/variant-cluster.ts";
import { imagePullErrors } from "../image-pull-errors.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import type { Place } from "./target.ts";

export type PodConfigs = {
  /** The ConfigMap's and the Secret's names. */
  proxyConfig: pulumi.Input<string>;
  registryConfig: pulumi.Input<string>;
  /** The ConfigMap with the page. @default none */
  page?: pulumi.Input<string>;
  /** What the pods have mounted by a name that is always the same. */
  mounted: pulumi.Resource[];
};

/** The pods, who may reach them, and how many may be away at a time. */
export function pods(
  variant: ClusterVariant,
  configs: PodConfigs,
  { name, namespace, options }: Place,
  cluster: KubernetesCluster,
): Deployment {
  const { proxyConfig, registryConfig, page, mounted } = configs;
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
            .all([proxyConfig, registryConfig, page])
            .apply(([proxyConfig, registryConfig, page]) => podSpec(variant, { proxyConfig, registryConfig, page })),
        },
      },
    },
    { ...options, ...imagePullErrors(name, "variant.images", cluster), dependsOn: mounted },
  );
}

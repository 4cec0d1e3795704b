import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { hasOwnLoadBalancer } from "../../render/cluster-registry/exposure.ts";
import { labels, names } from "../../render/cluster-registry/names.ts";
import { loadBalancerSpec } from "../../render/cluster-registry/services.ts";
import { hasPlaceholder, withAddress } from "../../settings/formats/host-name.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { loadBalancerAddress } from "./load-balancer-address.ts";
import type { Target } from "./target.ts";

/** The registry's own load balancer. None where an Ingress or an existing Service leads to the registry. */
export function createLoadBalancer(
  variant: ClusterVariant,
  host: string,
  { name, namespace, options }: Target,
): Service | undefined {
  if (!hasOwnLoadBalancer(variant)) return undefined;
  // Pulumi waits for the Service's address only, not for ready pods: the pods may wait for a certificate with that
  // address.
  const annotations = { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress[0]}" };
  return new Service(
    `${name}-load-balancer`,
    { metadata: { name: names.loadBalancer, namespace, labels, annotations }, spec: loadBalancerSpec(host, variant) },
    options,
  );
}

/** The registry's host, with the load balancer's address instead of the stack file's placeholder. */
export function hostWithAddress(
  host: string,
  variant: ClusterVariant,
  own: Service | undefined,
  { options }: Target,
): pulumi.Output<string> {
  const { exposure } = variant;
  if (!hasPlaceholder(host) || exposure.kind !== "load-balancer") return pulumi.output(host);
  const { service = `${variant.namespace}/${names.loadBalancer}` } = exposure;
  // If the Service does not exist, the engine prints this resource's name in its error. So the name says what to do.
  const named = `variant.exposure.service ${service}, to be one of: kubectl get services --all-namespaces`;
  const balancer = own ?? Service.get(named, service, options);
  return balancer.status.apply((status) =>
    withAddress(host, loadBalancerAddress(service, host, status?.loadBalancer?.ingress ?? [])),
  );
}

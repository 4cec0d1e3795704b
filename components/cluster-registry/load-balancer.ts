import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { hasOwnLoadBalancer } from "../../render/cluster-registry/exposure.ts";
import { labels, names } from "../../render/cluster-registry/names.ts";
import { loadBalancerSpec } from "../../render/cluster-registry/services.ts";
import { hasPlaceholder, withAddress } from "../../settings/host-name.ts";
import type { ClusterVariant } from "../../settings/variant-cluster.ts";
import { loadBalancerAddress } from "./load-balancer-address.ts";
import type { Place } from "./target.ts";

/** The registry's own load balancer. None where an Ingress leads to it. */
export function ownLoadBalancer(
  variant: ClusterVariant,
  host: string,
  { name, namespace, options }: Place,
): Service | undefined {
  if (!hasOwnLoadBalancer(variant)) return undefined;
  // The pods may wait for a certificate that has its address, so it is ready without them.
  const annotations = { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress[0]}" };
  return new Service(
    `${name}-load-balancer`,
    { metadata: { name: names.loadBalancer, namespace, labels, annotations }, spec: loadBalancerSpec(host, variant) },
    options,
  );
}

/** The registry's name, with the load balancer's address in it where the stack file asks for that. */
export function namedHost(
  host: string,
  variant: ClusterVariant,
  own: Service | undefined,
  { options }: Place,
): pulumi.Output<string> {
  const { exposure } = variant;
  if (!hasPlaceholder(host) || exposure.kind !== "load-balancer") return pulumi.output(host);
  const { service = `${variant.namespace}/${names.loadBalancer}` } = exposure;
  // What the engine prints where there is none.
  const named = `variant.exposure.service ${service}, to be one of: kubectl get services --all-namespaces`;
  const balancer = own ?? Service.get(named, service, options);
  return balancer.status.apply((status) =>
    withAddress(host, loadBalancerAddress(service, host, status?.loadBalancer?.ingress ?? [])),
  );
}

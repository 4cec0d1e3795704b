import type { ClusterVariant } from "../../settings/variants/cluster.ts";

/** Whether clients reach the proxy by a load balancer, without an Ingress. */
export function hasOwnLoadBalancer({ exposure }: ClusterVariant): boolean {
  return exposure.kind === "load-balancer" && exposure.service === undefined;
}

/** Whether the proxy itself ends TLS. */
export function proxyEndsTls(variant: ClusterVariant): boolean {
  return hasOwnLoadBalancer(variant) && variant.tls.kind !== "none";
}

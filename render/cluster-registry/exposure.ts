import type { ClusterVariant } from "../../settings/variants/cluster.ts";

/** Whether a load balancer leads straight to the proxy, with no Ingress in between. */
export function hasOwnLoadBalancer({ exposure }: ClusterVariant): boolean {
  return exposure.kind === "load-balancer" && exposure.service === undefined;
}

/** Whether the proxy itself shows the certificate. */
export function proxyEndsTls(variant: ClusterVariant): boolean {
  return hasOwnLoadBalancer(variant) && variant.tls.kind !== "none";
}

import { isIPv4 } from "node:net";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { hasOwnLoadBalancer } from "./exposure.ts";
import { podLabels } from "./names.ts";

/** Allows connections from the cluster's pods and nodes. With an own load balancer, allows them from every client. */
export function networkPolicySpec(variant: ClusterVariant) {
  const inside = [
    { namespaceSelector: {} },
    ...variant.nodeNetworks.map((network) => ({ ipBlock: { cidr: cidr(network) } })),
  ];
  const open = hasOwnLoadBalancer(variant)
    ? [{ ports: [{ port: variant.tls.kind === "none" ? "plain" : "tls" }] }]
    : [];
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress"],
    ingress: [{ from: inside, ports: [{ port: "plain" }] }, ...open],
  };
}

function cidr(network: string): string {
  if (network.includes("/")) return network;
  return `${network}/${isIPv4(network) ? 32 : 128}`;
}

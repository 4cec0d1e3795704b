import { splitHost } from "../../settings/formats/host-name.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { podLabels, ports } from "./names.ts";

/** The Service for pods, nodes and an Ingress controller: plain HTTP. */
export function serviceSpec() {
  return {
    type: "ClusterIP",
    selector: podLabels,
    ports: [{ name: "plain", port: ports.plain, targetPort: "plain" }],
  };
}

/** The Service for clients outside the cluster, on the port in the registry's host name. */
export function loadBalancerSpec(host: string, { tls }: ClusterVariant) {
  const { port } = splitHost(host);
  const [name, usual] = tls.kind === "none" ? ["plain", 80] : ["tls", 443];
  return { type: "LoadBalancer", selector: podLabels, ports: [{ name, port: port ?? usual, targetPort: name }] };
}

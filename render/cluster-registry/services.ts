import { splitHost } from "../../settings/formats/host-name.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { podLabels, ports } from "./names.ts";

/** Where pods and nodes find the registry, and what stands in front of it: plain HTTP. */
export function serviceSpec() {
  return {
    type: "ClusterIP",
    selector: podLabels,
    ports: [{ name: "plain", port: ports.plain, targetPort: "plain" }],
  };
}

/** Where everybody does, on the port that the registry's name says. */
export function loadBalancerSpec(host: string, { tls }: ClusterVariant) {
  const { port } = splitHost(host);
  const [name, usual] = tls.kind === "none" ? ["plain", 80] : ["tls", 443];
  return { type: "LoadBalancer", selector: podLabels, ports: [{ name, port: port ?? usual, targetPort: name }] };
}

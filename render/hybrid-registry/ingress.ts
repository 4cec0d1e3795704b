import { isIP, isIPv6 } from "node:net";
import { proxyPort } from "./containers.ts";

/** Names of objects in the stack's namespace. */
export const names = {
  service: "registry",
  slice: "registry-container",
  ingress: "registry-ingress",
  ui: "registry-ui",
  // Not the name of the builtin ui: when a stack changes from one to the other, Pulumi deletes the old objects last.
  joxit: "registry-joxit",
};

/** The UI's path prefix on the Ingress' origin. */
export const uiPrefix = "/registry";

/** A Service without a selector, since its endpoint is a container and no pod. */
export const serviceSpec = { ports: [{ name: "plain", port: proxyPort, targetPort: proxyPort, protocol: "TCP" }] };

/** The Service's endpoint: the container's address in the nodes' network. */
export function endpointSlice(address: string) {
  return {
    addressType: isIPv6(address) ? "IPv6" : "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "plain", port: proxyPort, protocol: "TCP" }],
  };
}

export type HybridIngress = {
  /** The URL that users open, as in `http://localhost:8080`. */
  url: string;
  className?: string;
  /** Whether this Ingress serves the UI below `/registry/`. */
  servesUi: boolean;
};

/** The spec of the Ingress that serves the registry's API and the UI on one origin, so that browsers need no CORS. */
export function ingressSpec({ url, className, servesUi }: HybridIngress) {
  const api = { service: { name: names.service, port: { name: "plain" } } };
  const paths = [
    { path: "/v2/", pathType: "Prefix", backend: api },
    { path: "/token", pathType: "Exact", backend: api },
    ...(servesUi ? uiPaths : []),
  ];
  return {
    ...(className !== undefined && { ingressClassName: className }),
    rules: [{ ...hostRule(url), http: { paths } }],
  };
}

const uiBackend = { service: { name: names.ui, port: { name: "http" } } };

/** Two paths, since Traefik does not match `/registry` with the prefix `/registry/`. */
const uiPaths = [
  { path: `${uiPrefix}/`, pathType: "Prefix", backend: uiBackend },
  { path: uiPrefix, pathType: "Exact", backend: uiBackend },
];

/**
 * The host of the Ingress' rule, if the URL has a DNS name. For localhost and IP addresses the rule has no host: a
 * browser may reach the Ingress by other names through a forwarded port.
 */
export function hostRule(url: string): { host?: string } {
  const { hostname } = new URL(url);
  return hostname === "localhost" || isIP(hostname.replace(/[[\]]/g, "")) ? {} : { host: hostname };
}

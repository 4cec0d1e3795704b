import { isIP, isIPv6 } from "node:net";
import { proxyPort } from "./containers.ts";

/** What people type, in the namespace of the stack's. */
export const names = {
  service: "registry",
  slice: "registry-container",
  ingress: "registry-ingress",
  ui: "registry-ui",
};

/** Where the page is, on the Ingress' own origin. */
export const uiPrefix = "/registry";

/** Of a Service without a selector: what it leads to is no pod. */
export const serviceSpec = { ports: [{ name: "plain", port: proxyPort, targetPort: proxyPort, protocol: "TCP" }] };

/** Leads the Service to the container, by its address in the nodes' network. */
export function endpointSlice(address: string) {
  return {
    addressType: isIPv6(address) ? "IPv6" : "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "plain", port: proxyPort, protocol: "TCP" }],
  };
}

export type HybridIngress = {
  /** What users open, as in `http://localhost:8080`. */
  url: string;
  className?: string;
  /** Whether the page is below `/registry/` of this Ingress. */
  page: boolean;
};

/** API and page at one origin, so that no browser asks for CORS. */
export function ingressSpec({ url, className, page }: HybridIngress) {
  const api = { service: { name: names.service, port: { name: "plain" } } };
  const paths = [
    { path: "/v2/", pathType: "Prefix", backend: api },
    { path: "/token", pathType: "Exact", backend: api },
    ...(page ? pagePaths : []),
  ];
  return {
    ...(className !== undefined && { ingressClassName: className }),
    rules: [{ ...hostRule(url), http: { paths } }],
  };
}

const toPage = { service: { name: names.ui, port: { name: "http" } } };

/** Traefik takes a prefix that ends in a slash by the letter. */
const pagePaths = [
  { path: `${uiPrefix}/`, pathType: "Prefix", backend: toPage },
  { path: uiPrefix, pathType: "Exact", backend: toPage },
];

/** A name is told from others. localhost is not, for an address and a forwarded port lead to the same; neither is an address. */
export function hostRule(url: string): { host?: string } {
  const { hostname } = new URL(url);
  return hostname === "localhost" || isIP(hostname.replace(/[[\]]/g, "")) ? {} : { host: hostname };
}

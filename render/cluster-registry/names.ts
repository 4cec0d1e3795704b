import type { ClusterTls } from "../../settings/variants/tls.ts";

/** What people type: one registry a namespace, so its objects have plain names. */
export const names = {
  deployment: "registry",
  service: "registry",
  ingress: "registry-ingress",
  loadBalancer: "registry-load-balancer",
  claim: "registry",
  accounts: "registry-htpasswd",
  rights: "registry-rights",
  tls: "registry-tls",
  networkPolicy: "registry",
  disruptionBudget: "registry",
} as const;

/** The Secret that clients are shown. cert-manager goes on writing into its own for as long as its Certificate is there. */
export function tlsSecretName({ kind }: ClusterTls): string {
  return kind === "cert-manager" ? `${names.tls}-issued` : names.tls;
}

/** Where the pods listen. distribution does on loopback alone. */
export const ports = { plain: 5000, tls: 5443, registry: 5001 } as const;

/** Where the storage is inside both containers. */
export const storageRoot = "/var/lib/registry";

/** Where the page is inside the proxy's. */
export const uiRoot = "/srv/ui";

/** What the pods are selected by. */
export const podLabels = { "app.kubernetes.io/name": "registry" } as const;

/** Of everything in the namespace. */
export const labels = { "app.kubernetes.io/part-of": "container-registry" } as const;

import type { ClusterTls } from "../../settings/variants/tls.ts";

/** Names of the registry's objects. They are short, since people type them, and a namespace has only one registry. */
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
  collector: "registry-collect",
  metrics: "registry-metrics",
  backup: "registry-backup",
  backupVerification: "registry-backup-verify",
} as const;

/**
 * The Secret with the certificate that is served. With cert-manager it has a name of its own, since cert-manager writes
 * to its Secret until its Certificate is deleted.
 */
export function tlsSecretName({ kind }: ClusterTls): string {
  return kind === "cert-manager" ? `${names.tls}-issued` : names.tls;
}

/** The ports that the pods listen on. distribution listens on loopback alone. */
export const ports = { plain: 5000, tls: 5443, registry: 5001 } as const;

/** Where distribution answers its metrics, for the proxy in the same pod. */
export const registryMetricsAddress = "127.0.0.1:5002";

/** The storage's path in both containers. */
export const storageRoot = "/var/lib/registry";

/** The path of the builtin UI's files in the proxy's container. */
export const uiRoot = "/srv/ui";

/** The labels that Services select the pods by. */
export const podLabels = { "app.kubernetes.io/name": "registry" } as const;

/** The labels of pods that collect garbage. No Service selects them. */
export const collectorLabels = { "app.kubernetes.io/name": "registry-collect" } as const;

/** The labels of pods that back up, verify or restore. No Service selects them. */
export const backupLabels = { "app.kubernetes.io/name": "registry-backup" } as const;

/** The labels of every object in the namespace. */
export const labels = { "app.kubernetes.io/part-of": "container-registry" } as const;

import { z } from "zod";

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

/** The name of a Kubernetes namespace: one DNS label of up to 63 characters. */
export const Namespace = z
  .string()
  .regex(new RegExp(`^${label}$`), "a Kubernetes name: lower-case letters, digits and dashes, as in dso")
  .meta({ examples: ["dso"] });

/** The name of a Kubernetes object whose name may contain dots, such as a ConfigMap or a Secret. */
export const KubernetesName = z
  .string()
  .max(253, "at most 253 characters")
  .regex(
    new RegExp(`^${label}(?:\\.${label})*$`),
    "a Kubernetes name: lower-case letters, digits, dashes and dots, as in pipeline-config",
  );

/** A Service and its namespace, as in traefik/traefik. */
export const NamespacedName = z
  .string()
  .regex(new RegExp(`^${label}/${label}$`), "a namespace and a name, as in traefik/traefik")
  .meta({ examples: ["traefik/traefik"] });

/** A size of storage in a Kubernetes unit, as in 50Gi. */
export const StorageSize = z
  .string()
  .regex(/^[1-9]\d*(Mi|Gi|Ti)$/, "a whole number with Mi, Gi or Ti, as in 50Gi")
  .meta({ examples: ["50Gi"] });

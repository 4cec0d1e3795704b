import { z } from "zod";

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

/** A namespace, or the name of a Service. */
export const Namespace = z
  .string()
  .regex(new RegExp(`^${label}$`), "a Kubernetes name: lower-case letters, digits and dashes, as in dso")
  .meta({ examples: ["dso"] });

/** The name of a ConfigMap, Secret or class. */
export const KubernetesName = z
  .string()
  .max(253, "at most 253 characters")
  .regex(
    new RegExp(`^${label}(?:\\.${label})*$`),
    "a Kubernetes name: lower-case letters, digits, dashes and dots, as in pipeline-config",
  );

/** `NAMESPACE/NAME`. */
export const NamespacedName = z
  .string()
  .regex(new RegExp(`^${label}/${label}$`), "a namespace and a name, as in traefik/traefik")
  .meta({ examples: ["traefik/traefik"] });

/** A Kubernetes quantity of storage. */
export const StorageSize = z
  .string()
  .regex(/^[1-9]\d*(Mi|Gi|Ti)$/, "a whole number with Mi, Gi or Ti, as in 50Gi")
  .meta({ examples: ["50Gi"] });

import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Variant } from "../settings/variants/variant.ts";

/** The name of a namespace that must exist, known once it was read. `what` names in the error who needs it. */
export function requiredNamespace(
  namespace: string,
  what: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  // When a read fails, the engine prints the resource's name before the provider's error: so the name says what to do.
  // The name's text is written by version 0.1.
  const name = `namespace for ${what}, to be created first: kubectl create namespace ${namespace}`;
  return Namespace.get(name, namespace, options).id.apply(() => namespace);
}

/** Whether the registry creates this namespace. It need not exist then: objects in it wait for the endpoint's `served`. */
export function isCreatedWithRegistry(namespace: string, variant: Variant): boolean {
  return "namespace" in variant && variant.namespace === namespace;
}

import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Variant } from "../settings/variants/variant.ts";

/**
 * Reads a namespace that must exist, and returns its name after that. `what` says in the error message which object
 * needs the namespace.
 */
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

/**
 * Whether the registry's component creates this namespace. If so, the namespace need not exist yet: objects in it wait
 * for the endpoint's `served` resources.
 */
export function isCreatedWithRegistry(namespace: string, variant: Variant): boolean {
  return "namespace" in variant && variant.namespace === namespace;
}

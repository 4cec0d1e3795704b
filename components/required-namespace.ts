import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Variant } from "../settings/variant.ts";

/** A namespace that is there already, by name: what is made in it waits until it was seen. `what` needs it. */
export function requiredNamespace(
  namespace: string,
  what: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  // The engine ends the program at a read that fails, and prints the resource's name before the provider's bare words.
  const name = `namespace for ${what}, to be made first: kubectl create namespace ${namespace}`;
  return Namespace.get(name, namespace, options).id.apply(() => namespace);
}

/** Whether a namespace comes with the registry, and so need not be there before: what is made in it waits for `served`. */
export function isCreatedWithRegistry(namespace: string, variant: Variant): boolean {
  return "namespace" in variant && variant.namespace === namespace;
}

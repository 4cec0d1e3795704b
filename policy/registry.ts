import type { PolicyInputs } from "../components/policy-inputs.ts";
import type { Resource } from "./policy.ts";

/** The component of each variant. */
const components = {
  "container-registry:host:RegistryHost": "host",
  "container-registry:cluster:ClusterRegistry": "cluster",
  "container-registry:hybrid:HybridRegistry": "hybrid",
  "container-registry:existing:ExistingRegistry": "existing",
} as const;

/** Variant and settings of a resource that is a registry's component; undefined for any other resource. */
export function registryOf({ type, props }: Resource) {
  if (!isRegistry(type)) return undefined;
  return { variant: components[type], settings: props as PolicyInputs };
}

/** The name of the resource's stack, from the URN: `urn:pulumi:STACK::PROJECT::…`. */
export function stackOf({ urn }: Resource): string {
  return urn.split("::")[0]?.split(":")[2] ?? "";
}

function isRegistry(type: string): type is keyof typeof components {
  return Object.hasOwn(components, type);
}

import * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../settings/owner.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import { claimOwnerLabel, type OwnerLabelArgs, readOwnerLabel } from "./owner-label.ts";

export interface OwnedObjectArgs {
  cluster: KubernetesCluster;
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
  /** Kind of the object, as in `Secret`. */
  kind: string;
  object: pulumi.Input<string>;
  /** An existing namespace. */
  namespace: pulumi.Input<string>;
  /** What to choose instead where another stack owns the object, as in `another name in pullSecrets`. */
  another: string;
}

/**
 * The namespace of an object whose name other stacks may use too, returned once this stack owns that name. A ConfigMap
 * beside the object is its owner label: a label on the object itself would be silently overwritten by the provider.
 */
export function ownedObject(
  name: string,
  { kind, object, namespace, ...rest }: OwnedObjectArgs,
  options: { parent: pulumi.Resource; dependsOn?: pulumi.Resource[] },
): pulumi.Output<string> {
  const args: OwnerLabelArgs = {
    ...rest,
    namespace: pulumi.output(namespace),
    label: pulumi.interpolate`container-registry-owner.${kind.toLowerCase()}.${object}`,
    what: pulumi.interpolate`${kind} ${object} in namespace ${namespace}`,
  };
  return claimOwnerLabel(name, args, readOwnerLabel(name, args, options), options);
}

import * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../settings/owner.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import { claimedMarker, type OwnerMarkerArgs, seenMarker } from "./owner-label.ts";

export interface OwnedObjectArgs {
  cluster: KubernetesCluster;
  owner: pulumi.Input<Owner>;
  /** The owner's own, known in the first preview. */
  takeOverFrom: readonly string[];
  /** As in `Secret`. */
  kind: string;
  object: pulumi.Input<string>;
  /** Exists. */
  namespace: pulumi.Input<string>;
  /** What a stack that is refused may choose, as in `another name in pullSecrets`. */
  another: string;
}

/**
 * The namespace of an object that other stacks may name the same, once that name is this stack's there. A marker beside it
 * says so: on the object itself the provider would write over another owner's mark without a word.
 */
export function ownedObject(
  name: string,
  { kind, object, namespace, ...rest }: OwnedObjectArgs,
  options: { parent: pulumi.Resource; dependsOn?: pulumi.Resource[] },
): pulumi.Output<string> {
  const args: OwnerMarkerArgs = {
    ...rest,
    namespace: pulumi.output(namespace),
    marker: pulumi.interpolate`container-registry-owner.${kind.toLowerCase()}.${object}`,
    what: pulumi.interpolate`${kind} ${object} in namespace ${namespace}`,
  };
  return claimedMarker(name, args, seenMarker(name, args, options), options);
}

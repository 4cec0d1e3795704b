import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import { labels as ours } from "../render/cluster-registry/names.ts";
import type { Owner } from "../settings/owner.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import { claimedMarker, type OwnerMarkerArgs, onImmutable, type SeenMarker, seenMarker } from "./owner-label.ts";

/** Names the owner. */
const marker = "registry-owner-id";
/** Names the stack, with the owner's id where the stack was made since stacks have ids. */
const stackMarker = "registry-owner";

export interface OwnedNamespaceArgs {
  cluster: KubernetesCluster;
  namespace: string;
  owner: pulumi.Input<Owner>;
  /** The owner's own, known in the first preview. */
  takeOverFrom: readonly string[];
  /** Set beside what others have set. @default none */
  labels?: Record<string, string>;
  /** Whether `destroy` takes it away, and with it all that anybody has in it. Never where left out. */
  deleteData?: boolean;
}

/**
 * A namespace, made where it is not there, once it is this stack's to have its registry in. The objects have the same names
 * in every stack, and what is there already is taken over, so a second stack would have the first one's registry without a
 * word.
 */
export function ownedNamespace(
  name: string,
  { cluster, namespace, labels, deleteData, ...owner }: OwnedNamespaceArgs,
  { parent, dependsOn }: { parent?: pulumi.Resource; dependsOn?: pulumi.Resource[] } = {},
): pulumi.Output<string> {
  const options = { parent, provider: cluster.provider };
  const made = new Namespace(
    `${name}-namespace`,
    { metadata: { name: namespace, labels } },
    { ...options, dependsOn, retainOnDelete: true },
  );
  const args: OwnerMarkerArgs = {
    ...owner,
    cluster,
    namespace: made.metadata.name,
    marker,
    beside: stackMarker,
    what: `the registry in namespace ${namespace}`,
    another: "another variant.namespace",
  };
  const seen = seenMarker(name, args, { parent });
  const stack = markedStack(name, seen, options);
  const owned = claimedMarker(name, args, seen, { parent, dependsOn: [stack] });
  if (deleteData === undefined) return owned;
  // The same namespace, deleted as this one: a stack that was refused has only the one above, and another's images stay.
  const contents = { ...options, retainOnDelete: !deleteData };
  return new Namespace(`${name}-contents`, { metadata: { name: owned } }, contents).metadata.name;
}

/**
 * Keeps out what the other marker cannot: stacks of versions that know this one alone, and, where the registry is of such a
 * stack, every other that has not made this object itself.
 */
function markedStack(
  name: string,
  { namespace, mark }: SeenMarker,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new ConfigMap(
    `${name}-owner`,
    { metadata: { name: stackMarker, namespace, labels: ours }, data: { stack: mark }, immutable: true },
    // In the state of an older version it holds the stack's name alone, and stays as it is.
    { ...options, ignoreChanges: ["data"], hooks: onImmutable(`${name}-owner`, ownedByAnother) },
  );
}

function ownedByAnother({ namespace }: { namespace: string }): string {
  const object = `configmap ${stackMarker} --namespace ${namespace}`;
  return `namespace ${namespace} has the registry of another stack, named by: kubectl get ${object} --output yaml; set variant.namespace to another, or destroy that stack; where there is no such stack any more: kubectl delete ${object}`;
}

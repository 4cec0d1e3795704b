import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import { labels as ours } from "../render/cluster-registry/names.ts";
import type { Owner } from "../settings/owner.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import {
  claimOwnerLabel,
  type OwnerLabelArgs,
  onImmutable,
  type ReadOwnerLabel,
  readOwnerLabel,
} from "./owner-label.ts";

/** Name of the ConfigMap that is the registry's owner label. */
const ownerLabel = "registry-owner-id";
/**
 * Name of a second ConfigMap with the stack's name. Versions of this program before owner ids read only this ConfigMap.
 */
const stackLabel = "registry-owner";

export interface OwnedNamespaceArgs {
  cluster: KubernetesCluster;
  namespace: string;
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
  /** Labels to add to those that others have set. @default none */
  labels?: Record<string, string>;
  /** Whether `destroy` deletes the namespace with everything in it, objects of others included. @default false */
  deleteData?: boolean;
}

/**
 * The registry's namespace: created if missing, and returned once this stack owns the registry in it. Every stack uses
 * the same object names, and the provider adopts existing objects, so without this check a second stack would silently
 * take over the first one's registry.
 */
export function ownedNamespace(
  name: string,
  { cluster, namespace, labels, deleteData, ...owner }: OwnedNamespaceArgs,
  { parent, dependsOn }: { parent?: pulumi.Resource; dependsOn?: pulumi.Resource[] } = {},
): pulumi.Output<string> {
  const options = { parent, provider: cluster.provider };
  const created = new Namespace(
    `${name}-namespace`,
    { metadata: { name: namespace, labels } },
    { ...options, dependsOn, retainOnDelete: true },
  );
  const args: OwnerLabelArgs = {
    ...owner,
    cluster,
    namespace: created.metadata.name,
    label: ownerLabel,
    beside: stackLabel,
    what: `the registry in namespace ${namespace}`,
    another: "another variant.namespace",
  };
  const label = readOwnerLabel(name, args, { parent });
  const stack = claimStackLabel(name, label, options);
  const owned = claimOwnerLabel(name, args, label, { parent, dependsOn: [stack] });
  if (deleteData === undefined) return owned;
  // A second resource for the same namespace, which destroy deletes. A stack that does not own the registry never gets
  // this far, so it cannot delete another stack's images.
  const contents = { ...options, retainOnDelete: !deleteData };
  return new Namespace(`${name}-contents`, { metadata: { name: owned } }, contents).metadata.name;
}

/**
 * Creates the ConfigMap that stacks of versions before owner ids check. Because it exists, such a stack cannot take
 * over this stack's registry. Because it is immutable, this stack cannot take over the registry of such a stack.
 */
function claimStackLabel(
  name: string,
  { namespace, text }: ReadOwnerLabel,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new ConfigMap(
    `${name}-owner`,
    { metadata: { name: stackLabel, namespace, labels: ours }, data: { stack: text }, immutable: true },
    // The ConfigMap of an older version contains only the stack's name. It is not changed.
    { ...options, ignoreChanges: ["data"], hooks: onImmutable(`${name}-owner`, ownedByAnother) },
  );
}

function ownedByAnother({ namespace }: { namespace: string }): string {
  const object = `configmap ${stackLabel} --namespace ${namespace}`;
  return `namespace ${namespace} holds the registry of another stack, whose name this prints: kubectl get ${object} --output yaml; set variant.namespace to another namespace, or destroy that stack; if that stack no longer exists: kubectl delete ${object}`;
}

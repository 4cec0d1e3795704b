import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import * as pulumi from "@pulumi/pulumi";
import { labels as ours } from "../render/cluster-registry/names.ts";

const marker = "registry-owner";

export interface OwnedNamespaceArgs {
  namespace: string;
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
  { namespace, labels, deleteData }: OwnedNamespaceArgs,
  { dependsOn, ...options }: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const made = new Namespace(
    `${name}-namespace`,
    { metadata: { name: namespace, labels } },
    { ...options, dependsOn, retainOnDelete: true },
  );
  const owned = owner(name, made.metadata.name, options);
  if (deleteData === undefined) return owned;
  // The same namespace, deleted as this one: a stack that was refused has only the one above, and another's images stay.
  const contents = { ...options, retainOnDelete: !deleteData };
  return new Namespace(`${name}-contents`, { metadata: { name: owned } }, contents).metadata.name;
}

function owner(
  name: string,
  namespace: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const explained = new pulumi.ErrorHook(`${name}-owner`, async ({ newInputs, errors }) => {
    const { metadata } = Object(newInputs);
    if (errors.some((each) => each.includes("immutable"))) await pulumi.log.error(ownedByAnother(metadata?.namespace));
    return false;
  });
  const made = new ConfigMap(
    `${name}-owner`,
    {
      metadata: { name: marker, namespace, labels: ours },
      data: { stack: `${pulumi.getProject()}/${pulumi.getStack()}` },
      // So the API refuses to make it another stack's, even where both come at once.
      immutable: true,
    },
    // A stack that was given another name since is the same one.
    { ...options, ignoreChanges: ["data"], hooks: { onError: [explained] } },
  );
  return made.metadata.namespace;
}

function ownedByAnother(namespace: string): string {
  const object = `configmap ${marker} --namespace ${namespace}`;
  return `namespace ${namespace} has the registry of another stack, named by: kubectl get ${object} --output yaml; set variant.namespace to another, or destroy that stack; where there is no such stack any more: kubectl delete ${object}`;
}

import { local } from "@pulumi/command";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { freeOwnerLabelCommand } from "../hosts/cluster/owner-label.ts";
import { labels } from "../render/cluster-registry/names.ts";
import { ProgramError } from "../settings/errors/program-error.ts";
import type { Owner } from "../settings/owner.ts";
import { otherOwnerMessage, ownerInLabel, ownerLabel, ownerName } from "../settings/owner-label.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";

export interface OwnerLabelArgs {
  cluster: KubernetesCluster;
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
  /** An existing namespace. */
  namespace: pulumi.Output<string>;
  /** The ConfigMap's name. */
  label: pulumi.Input<string>;
  /** A second ConfigMap to delete when the label is taken over. @default none */
  beside?: string;
  /** Words for the owned object in error messages, as in `the registry in namespace dso`. */
  what: pulumi.Input<string>;
  /** What to choose instead where another stack is the owner, as in `another variant.namespace`. */
  another: string;
}

type LabelOptions = { parent?: pulumi.Resource; dependsOn?: pulumi.Resource[] };

type NamedObject = { namespace: string; name: string };

/** An owner label that was read, and that does not name another stack. */
export type ReadOwnerLabel = {
  namespace: pulumi.Output<string>;
  /** The text of this stack's label. Where another stack is the owner, the program ends instead. */
  text: pulumi.Output<string>;
};

/**
 * Reads who owns an object whose name other stacks may use too: the provider would adopt their object silently. Every
 * preview but the first reads the label, so a stack also notices that another one has taken over from it.
 */
export function readOwnerLabel(
  name: string,
  args: OwnerLabelArgs,
  { parent, dependsOn = [] }: LabelOptions,
): ReadOwnerLabel {
  const { cluster, owner, namespace, label, what } = args;
  const freed = args.takeOverFrom.length > 0 ? [freeOwnerLabel(name, args, { parent, dependsOn })] : dependsOn;
  // Reading fails for a missing object, so the ConfigMap is created first, or adopted if it exists. It is written
  // without data: a new ConfigMap then has no owner yet, and an existing one keeps its data.
  const existing = new ConfigMap(
    `${name}-owner-seen`,
    { metadata: { name: label, namespace, labels } },
    { parent, provider: cluster.provider, retainOnDelete: true, dependsOn: freed },
  );
  // When a read fails, the engine prints the resource's name before the provider's error: so the name says what to do.
  // The name's text is written by version 0.1.
  const { data } = ConfigMap.get(`${name}-owner-now, to be made again by: pulumi up --refresh`, existing.id, {
    parent,
    provider: cluster.provider,
    dependsOn: freed,
  });
  const text = pulumi
    .all([data, owner, what])
    .apply(([data, owner, what]) => checkedLabel(owner, data, { what, another: args.another }));
  return { namespace: existing.metadata.namespace, text };
}

/**
 * Writes this stack's owner label and returns the namespace. Resources that use the returned namespace are created only
 * after that, and so by the owner only.
 */
export function claimOwnerLabel(
  name: string,
  { cluster, label }: OwnerLabelArgs,
  { namespace, text }: ReadOwnerLabel,
  options: LabelOptions,
): pulumi.Output<string> {
  const claimed = new ConfigMap(
    `${name}-owner-id`,
    {
      metadata: { name: label, namespace, labels },
      data: { owner: text },
      // Immutable, so that the API rejects a second owner even when two stacks run at once.
      immutable: true,
    },
    {
      ...options,
      provider: cluster.provider,
      // The label's text contains the stack's name, and `pulumi stack rename` changes that without changing the owner.
      ignoreChanges: ["data"],
      hooks: onImmutable(`${name}-owner-id`, appearedMeanwhile),
    },
  );
  return claimed.metadata.namespace;
}

/** An error hook that prints a message when the API rejects a change of an immutable object. */
export function onImmutable(name: string, message: (object: NamedObject) => string): pulumi.ResourceHookBinding {
  const explained = new pulumi.ErrorHook(name, async ({ newInputs, errors }) => {
    const { metadata } = Object(newInputs);
    if (errors.some((each) => each.includes("immutable"))) await pulumi.log.error(message(metadata));
    return false;
  });
  return { onError: [explained] };
}

function appearedMeanwhile({ namespace, name }: NamedObject): string {
  return `ConfigMap ${name} in namespace ${namespace} was taken by another owner during this up; run pulumi up again to see by which`;
}

function checkedLabel(
  owner: Owner,
  data: Record<string, string> | undefined,
  { what, another }: { what: string; another: string },
): string {
  const holder = ownerInLabel(data?.owner ?? "");
  // A preview does not replace the label yet, so it still names the former owner.
  const isOurs = holder?.id === undefined || holder.id === owner.id || owner.takeOverFrom.includes(holder.id);
  if (!isOurs)
    throw new ProgramError(`${what} belongs to ${ownerName(holder)}; ${otherOwnerMessage(another, holder.id ?? "")}`);
  return ownerLabel(owner);
}

function freeOwnerLabel(
  name: string,
  { cluster, takeOverFrom, namespace, label, beside }: OwnerLabelArgs,
  options: LabelOptions,
): pulumi.Resource {
  const { context, kubeconfig = "", uid } = cluster.access;
  return new local.Command(
    `${name}-owner-freed`,
    {
      create: pulumi
        .all([namespace, label, uid])
        .apply(([namespace, label, cluster]) =>
          freeOwnerLabelCommand({ label, beside }, takeOverFrom, { context, namespace, cluster }),
        ),
      stdin: pulumi.secret(kubeconfig),
      triggers: [uid],
      addPreviousOutputInEnv: false,
    },
    options,
  );
}

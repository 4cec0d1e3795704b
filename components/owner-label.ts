import { local } from "@pulumi/command";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { freeMarkerCommand } from "../hosts/cluster/owner-marker.ts";
import { labels } from "../render/cluster-registry/names.ts";
import type { Owner } from "../settings/owner.ts";
import { markedOwner, otherOwnerAdvice, ownerMark, ownerName } from "../settings/owner-mark.ts";
import { ProgramError } from "../settings/program-error.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";

export interface OwnerMarkerArgs {
  cluster: KubernetesCluster;
  owner: pulumi.Input<Owner>;
  /** The owner's own `takeOverFrom`, known in the first preview. */
  takeOverFrom: readonly string[];
  /** Exists. */
  namespace: pulumi.Output<string>;
  /** The ConfigMap's name. */
  marker: pulumi.Input<string>;
  /** Another ConfigMap that goes where the marker is taken over. @default none */
  beside?: string;
  /** What the marker says the owner of, as in `the registry in namespace dso`. */
  what: pulumi.Input<string>;
  /** What a stack that is refused may choose, as in `another variant.namespace`. */
  another: string;
}

type MarkerOptions = { parent?: pulumi.Resource; dependsOn?: pulumi.Resource[] };

type NamedObject = { namespace: string; name: string };

/** A marker that was looked at: nobody's yet, or this stack's. */
export type SeenMarker = {
  namespace: pulumi.Output<string>;
  /** What this stack's marker says. No value, and the program's end, where it is another owner's. */
  mark: pulumi.Output<string>;
};

/**
 * Looks whose something is that has the same name in every stack: the provider takes over what is there already. Every
 * preview but the first reads the marker, so a stack also notices that another has taken over from it.
 */
export function seenMarker(name: string, args: OwnerMarkerArgs, { parent, dependsOn = [] }: MarkerOptions): SeenMarker {
  const { cluster, owner, namespace, marker, what } = args;
  const freed = args.takeOverFrom.length > 0 ? [freedMarker(name, args, { parent, dependsOn })] : dependsOn;
  // Only an object that is there can be read. Without data: so it is nobody's where it is new, and stays whose it is.
  const there = new ConfigMap(
    `${name}-owner-seen`,
    { metadata: { name: marker, namespace, labels } },
    { parent, provider: cluster.provider, retainOnDelete: true, dependsOn: freed },
  );
  // The engine ends the program at a read that fails, and prints the resource's name before the provider's bare words.
  const { data } = ConfigMap.get(`${name}-owner-now, to be made again by: pulumi up --refresh`, there.id, {
    parent,
    provider: cluster.provider,
    dependsOn: freed,
  });
  const mark = pulumi
    .all([data, owner, what])
    .apply(([data, owner, what]) => ownMark(owner, data, { what, another: args.another }));
  return { namespace: there.metadata.namespace, mark };
}

/** Makes a marker this stack's, and gives back its namespace: what waits for that is made for the owner alone. */
export function claimedMarker(
  name: string,
  { cluster, marker }: OwnerMarkerArgs,
  { namespace, mark }: SeenMarker,
  options: MarkerOptions,
): pulumi.Output<string> {
  const claimed = new ConfigMap(
    `${name}-owner-id`,
    {
      metadata: { name: marker, namespace, labels },
      data: { owner: mark },
      // So the API refuses to make it another owner's, even where two stacks come at once.
      immutable: true,
    },
    {
      ...options,
      provider: cluster.provider,
      // After `pulumi stack rename` the owner is the same.
      ignoreChanges: ["data"],
      hooks: onImmutable(`${name}-owner-id`, appearedMeanwhile),
    },
  );
  return claimed.metadata.namespace;
}

/** Prints a message where the API refuses to change an immutable object. */
export function onImmutable(name: string, message: (object: NamedObject) => string): pulumi.ResourceHookBinding {
  const explained = new pulumi.ErrorHook(name, async ({ newInputs, errors }) => {
    const { metadata } = Object(newInputs);
    if (errors.some((each) => each.includes("immutable"))) await pulumi.log.error(message(metadata));
    return false;
  });
  return { onError: [explained] };
}

function appearedMeanwhile({ namespace, name }: NamedObject): string {
  return `ConfigMap ${name} in namespace ${namespace} has become another owner's meanwhile; run pulumi up again to see whose`;
}

function ownMark(
  owner: Owner,
  data: Record<string, string> | undefined,
  { what, another }: { what: string; another: string },
): string {
  const holder = markedOwner(data?.owner ?? "");
  // In a preview, what is about to be taken over is still the former owner's.
  const isOurs = holder?.id === undefined || holder.id === owner.id || owner.takeOverFrom.includes(holder.id);
  if (!isOurs)
    throw new ProgramError(`${what} belongs to ${ownerName(holder)}; ${otherOwnerAdvice(another, holder.id ?? "")}`);
  return ownerMark(owner);
}

function freedMarker(
  name: string,
  { cluster, takeOverFrom, namespace, marker, beside }: OwnerMarkerArgs,
  options: MarkerOptions,
): pulumi.Resource {
  const { context, kubeconfig = "", uid } = cluster.access;
  return new local.Command(
    `${name}-owner-freed`,
    {
      create: pulumi
        .all([namespace, marker, uid])
        .apply(([namespace, marker, cluster]) =>
          freeMarkerCommand({ marker, beside }, takeOverFrom, { context, namespace, cluster }),
        ),
      stdin: pulumi.secret(kubeconfig),
      triggers: [uid],
      addPreviousOutputInEnv: false,
    },
    options,
  );
}

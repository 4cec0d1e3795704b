import { local } from "@pulumi/command";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { freeMarkerCommand } from "../hosts/owner-marker.ts";
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
  marker: string;
  /** Another ConfigMap that goes where the marker is taken over. @default none */
  beside?: string;
  /** What the marker says the owner of, as in `the registry in namespace dso`. */
  what: string;
  /** What a stack that is refused may choose, as in `another variant.namespace`. */
  another: string;
}

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
export function seenMarker(name: string, args: OwnerMarkerArgs, parent: pulumi.Resource | undefined): SeenMarker {
  const { cluster, owner, namespace, marker } = args;
  const freed = args.takeOverFrom.length > 0 ? [freedMarker(name, args, parent)] : [];
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
  const mark = pulumi.all([data, owner]).apply(([data, owner]) => ownMark(owner, data, args));
  return { namespace: there.metadata.namespace, mark };
}

/** Makes a marker this stack's, and gives back its namespace: what waits for that is made for the owner alone. */
export function claimedMarker(
  name: string,
  { marker, what }: Pick<OwnerMarkerArgs, "marker" | "what">,
  { namespace, mark }: SeenMarker,
  options: pulumi.CustomResourceOptions,
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
      // After `pulumi stack rename` the owner is the same.
      ignoreChanges: ["data"],
      hooks: onImmutable(
        `${name}-owner-id`,
        () => `${what} has just become another stack's; run pulumi up again to see whose`,
      ),
    },
  );
  return claimed.metadata.namespace;
}

/** Prints a message where the API refuses to change an immutable object; takes the object's namespace. */
export function onImmutable(name: string, message: (namespace: string) => string): pulumi.ResourceHookBinding {
  const explained = new pulumi.ErrorHook(name, async ({ newInputs, errors }) => {
    const { metadata } = Object(newInputs);
    if (errors.some((each) => each.includes("immutable"))) await pulumi.log.error(message(metadata?.namespace));
    return false;
  });
  return { onError: [explained] };
}

function ownMark(
  owner: Owner,
  data: Record<string, string> | undefined,
  { what, another }: Pick<OwnerMarkerArgs, "what" | "another">,
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
  parent: pulumi.Resource | undefined,
): pulumi.Resource {
  const { context, kubeconfig = "", uid } = cluster.access;
  return new local.Command(
    `${name}-owner-freed`,
    {
      create: namespace.apply((namespace) =>
        freeMarkerCommand({ marker, beside }, takeOverFrom, { context, namespace }),
      ),
      stdin: pulumi.secret(kubeconfig),
      triggers: [uid],
      addPreviousOutputInEnv: false,
    },
    { parent },
  );
}

// Deep imports: the package's index would add 0.1 s to every preview, even of stacks without a cluster.
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Provider, type ProviderArgs } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { pinnedKubeconfig } from "../hosts/cluster/kubeconfig.ts";
import { ProgramError } from "../settings/errors/program-error.ts";

export interface KubernetesClusterArgs {
  /** A context of the kubeconfig, as in `kind-dev`. @default its current context */
  context?: string;
  /** Text or path of the kubeconfig. Treated as a secret. @default KUBECONFIG, else ~/.kube/config */
  kubeconfig?: string;
  /**
   * Whether destroy and refresh remove the objects of an unreachable cluster from the state, as if they were deleted.
   * @default false: destroy and refresh fail, and the state keeps the objects
   */
  deleteUnreachable?: boolean;
  /** The end of an error's sentence: how to name another context. @default by Pulumi's configuration */
  nameContext?: string;
}

/**
 * The cluster of the stack's `kubernetes:context` and `kubernetes:kubeconfig`. One of them is required: a program that
 * uses kubectl's current context will one day change the wrong cluster.
 */
export function stackCluster(): KubernetesClusterArgs {
  const args = { context: new pulumi.Config("kubernetes").get("context"), ...stackAccess() };
  if (args.context === undefined && args.kubeconfig === undefined)
    throw new ProgramError(
      `stack ${pulumi.getStack()}: the stack file names no Kubernetes cluster; name its context: pulumi config set kubernetes:context NAME`,
    );
  return args;
}

/** The cluster that `kind create cluster --name NAME` creates. */
export function kindCluster(name: string): KubernetesClusterArgs {
  return { context: `kind-${name}`, ...stackAccess() };
}

/** Access to a cluster for commands that do not use its provider. */
export type KubernetesAccess = Omit<KubernetesClusterArgs, "context" | "nameContext"> & {
  context: string;
  /** A kubeconfig of this cluster alone. Holds credentials. */
  pinned: string;
  /** UID of its kube-system namespace, which identifies the cluster. */
  uid: pulumi.Output<string>;
};

/**
 * The cluster that holds a stack's objects, identified by the UID of its kube-system namespace. The provider deletes by
 * name, so the program ends if the context leads to another cluster: its objects of the same names are not this
 * stack's.
 */
export class KubernetesCluster extends pulumi.ComponentResource {
  /** Creates and reads everything in the cluster, once the cluster's identity is checked. */
  readonly provider: Provider;
  /** For kubectl. */
  readonly access: KubernetesAccess;

  constructor(name: string, args: KubernetesClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:kubernetes:KubernetesCluster", name, {}, opts);
    const deleteUnreachable = args.deleteUnreachable || undefined;
    if (deleteUnreachable) void pulumi.log.warn(deletesUnreachable, this);

    const { nameContext, ...access } = args;
    const { context, text } = pinnedKubeconfig(args);
    const where: ProviderArgs = { context, kubeconfig: pulumi.secret(text) };

    // A provider that only reads the UID of the cluster that answers. It owns no objects, so its identifier is a
    // constant.
    const lookup = new Provider(`${name}-lookup`, { ...where, clusterIdentifier: "looked up" }, { parent: this });
    const kubeSystem = Namespace.get(`${name}-kube-system`, "kube-system", { parent: this, provider: lookup });
    const live = kubeSystem.metadata.uid;

    const known = new pulumi.Stash(`${name}-uid`, { input: live }, { parent: this, ignoreChanges: ["input"] });
    const uid = pulumi
      .all([live, known.output, known.urn])
      .apply(([live, known, urn]) => sameCluster({ live, known, urn, context }));

    this.provider = new Provider(
      `${name}-provider`,
      // Without a constant identifier, another address or CA of the cluster would replace the provider and all its
      // objects.
      { ...where, ...convergent, deleteUnreachable, clusterIdentifier: uid },
      { parent: this },
    );
    this.access = { ...access, context, pinned: text, uid };
    this.registerOutputs();
  }
}

const convergent: ProviderArgs = {
  // The provider adopts objects that an interrupted up created, but did not store in the state.
  upsertExistingObjects: true,
  // An adopted object has two field managers, both this provider's: without force, every later change is a conflict.
  enablePatchForce: true,
  // Without these settings a change replaces the object, and for a moment pods find no object with its name.
  enableConfigMapMutable: true,
  enableSecretMutable: true,
};

const deletesUnreachable =
  "kubernetes:deleteUnreachable is true: where the cluster does not answer, destroy and refresh remove its objects from the state, and leave them in the cluster with their passwords";

type Identity = { live: string; known: string; urn: string; context: string };

/** Throws an error if the kubeconfig leads to another cluster than the one in the state, before any object is changed. */
function sameCluster({ live, known, urn, context }: Identity): string {
  if (live === known) return live;
  throw new ProgramError(
    `context ${context} leads to another cluster than the one that has this stack's objects: its kube-system namespace has UID ${live}, that one's has UID ${known}. Nothing was changed in it. If the context is wrong, correct it: kubectl config get-contexts. If the cluster was created again, or the stack is to move to this one, remove the old cluster's objects from the state, which deletes nothing, and run up again: pulumi state delete --target-dependents '${urn}'`,
  );
}

function stackAccess(): Pick<KubernetesClusterArgs, "kubeconfig" | "deleteUnreachable"> {
  const config = new pulumi.Config("kubernetes");
  return { kubeconfig: config.get("kubeconfig"), deleteUnreachable: config.getBoolean("deleteUnreachable") };
}

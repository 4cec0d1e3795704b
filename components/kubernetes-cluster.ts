// Deep imports: the package's index takes 0.1 s of every preview, of stacks without a cluster as well.
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Provider, type ProviderArgs } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { pinnedKubeconfig } from "../hosts/cluster/kubeconfig.ts";
import { ProgramError } from "../settings/program-error.ts";

export interface KubernetesClusterArgs {
  /** Which context of the kubeconfig, as in `kind-dev`. @default its current one */
  context?: string;
  /** Text or path of the kubeconfig; secret wherever it is handed on. @default KUBECONFIG, else ~/.kube/config */
  kubeconfig?: string;
  /**
   * Whether what is in a cluster that does not answer is dropped from the state by destroy and refresh, as if it were
   * deleted. @default false: they fail, and the state keeps it
   */
  deleteUnreachable?: boolean;
}

/**
 * The cluster of the stack's `kubernetes:context` and `kubernetes:kubeconfig`. One of them is required: a program that
 * acts on whatever kubectl last pointed at will one day change the wrong cluster. To be called before any resource.
 */
export function stackCluster(): KubernetesClusterArgs {
  const args = { context: new pulumi.Config("kubernetes").get("context"), ...stackAccess() };
  if (args.context === undefined && args.kubeconfig === undefined)
    throw new ProgramError(
      `stack ${pulumi.getStack()}: the stack file names no Kubernetes cluster; name its context: pulumi config set kubernetes:context NAME`,
    );
  return args;
}

/** The cluster that `kind create cluster --name NAME` makes. */
export function kindCluster(name: string): KubernetesClusterArgs {
  return { context: `kind-${name}`, ...stackAccess() };
}

/** The way to a cluster for what does not go through its provider. */
export type KubernetesAccess = Omit<KubernetesClusterArgs, "context"> & {
  context: string;
  /** A kubeconfig of this cluster alone. Holds credentials. */
  pinned: string;
  /** Of its kube-system namespace: another one is another cluster. */
  uid: pulumi.Output<string>;
};

/**
 * The cluster that a stack has its objects in, told from others by the UID of its kube-system namespace. Pulumi deletes by
 * name, so nothing may ever be done in another cluster with what the state knows.
 */
export class KubernetesCluster extends pulumi.ComponentResource {
  /** For everything that is made or read in the cluster, once it is known to be the same. */
  readonly provider: Provider;
  /** For kubectl. */
  readonly access: KubernetesAccess;

  constructor(name: string, args: KubernetesClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:kubernetes:KubernetesCluster", name, {}, opts);
    const deleteUnreachable = args.deleteUnreachable || undefined;
    if (deleteUnreachable) void pulumi.log.warn(deletesUnreachable, this);

    const { context, text } = pinnedKubeconfig(args);
    const where: ProviderArgs = { context, kubeconfig: pulumi.secret(text) };

    // Its identifier never changes: it reads whatever cluster the context leads to, and makes nothing.
    const lookup = new Provider(`${name}-lookup`, { ...where, clusterIdentifier: "looked up" }, { parent: this });
    const kubeSystem = Namespace.get(`${name}-kube-system`, "kube-system", { parent: this, provider: lookup });
    const live = kubeSystem.metadata.uid;

    const known = new pulumi.Stash(`${name}-uid`, { input: live }, { parent: this, ignoreChanges: ["input"] });
    const uid = pulumi
      .all([live, known.output, known.urn])
      .apply(([live, known, urn]) => sameCluster({ live, known, urn, context }));

    this.provider = new Provider(
      `${name}-provider`,
      // Its identifier is the same for as long as the state knows it: another address or CA is no reason to replace it.
      { ...where, ...convergent, deleteUnreachable, clusterIdentifier: uid },
      { parent: this },
    );
    this.access = { ...args, context, pinned: text, uid };
    this.registerOutputs();
  }
}

const convergent: ProviderArgs = {
  // Takes over what an up that was cut off has made, and no state knows of.
  upsertExistingObjects: true,
  // What was taken over has two field managers, this provider twice: every later change would be a conflict.
  enablePatchForce: true,
  // Else a change would be another object of the same name, which is away while the old one goes.
  enableConfigMapMutable: true,
  enableSecretMutable: true,
};

const deletesUnreachable =
  "kubernetes:deleteUnreachable is true: where the cluster does not answer, destroy and refresh drop its objects from the state, and leave them in the cluster with their passwords";

type Identity = { live: string; known: string; urn: string; context: string };

/** Ends the program before anything is done in another cluster than the one that the state knows. */
function sameCluster({ live, known, urn, context }: Identity): string {
  if (live === known) return live;
  throw new ProgramError(
    `context ${context} leads to another cluster than the one that has this stack's objects: its kube-system namespace has UID ${live}, that one's has UID ${known}. Nothing was changed in it. Where the context is wrong, correct it: kubectl config get-contexts. Where the cluster was made anew, or the stack is to move to this one, have the state forget the old one's objects, which deletes nothing, and run up again: pulumi state delete --target-dependents '${urn}'`,
  );
}

function stackAccess(): Pick<KubernetesClusterArgs, "kubeconfig" | "deleteUnreachable"> {
  const config = new pulumi.Config("kubernetes");
  return { kubeconfig: config.get("kubeconfig"), deleteUnreachable: config.getBoolean("deleteUnreachable") };
}

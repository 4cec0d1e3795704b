// Deep imports: the package's index takes 0.1 s of every preview, of stacks without a cluster as well.
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Provider, type ProviderArgs } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { isConfigSecret } from "@pulumi/pulumi/runtime/config.js";
import { ProgramError } from "../settings/program-error.ts";

export interface KubernetesClusterArgs {
  /** Which context of the kubeconfig, as in `kind-dev`. @default its current one */
  context?: string;
  /** Text or path of the kubeconfig. @default KUBECONFIG, else ~/.kube/config */
  kubeconfig?: pulumi.Input<string>;
}

/**
 * The cluster of the stack's `kubernetes:context` and `kubernetes:kubeconfig`. One of them is required: a program that
 * acts on whatever kubectl last pointed at will one day change the wrong cluster. To be called before any resource.
 */
export function stackCluster(): KubernetesClusterArgs {
  const args = { context: new pulumi.Config("kubernetes").get("context"), kubeconfig: stackKubeconfig() };
  if (args.context === undefined && args.kubeconfig === undefined)
    throw new ProgramError(
      `stack ${pulumi.getStack()}: the stack file names no Kubernetes cluster; name its context: pulumi config set kubernetes:context NAME`,
    );
  return args;
}

/** The cluster that `kind create cluster --name NAME` makes. */
export function kindCluster(name: string): KubernetesClusterArgs {
  return { context: `kind-${name}`, kubeconfig: stackKubeconfig() };
}

/** The way to a cluster for what does not go through its provider. */
export type KubernetesAccess = KubernetesClusterArgs & {
  /** Of its kube-system namespace: another one is another cluster. */
  uid: pulumi.Output<string>;
};

/** A cluster, known by its kube-system namespace: all that is in it is made anew in one that took its place. */
export class KubernetesCluster extends pulumi.ComponentResource {
  /** For everything made in the cluster. */
  readonly provider: Provider;
  /** For what is only read there: the engine loses a read whose provider is replaced, as that of another cluster is. */
  readonly lookup: Provider;
  /** For kubectl. */
  readonly access: KubernetesAccess;

  constructor(name: string, args: KubernetesClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:kubernetes:KubernetesCluster", name, {}, opts);

    // Its identifier never changes, so a kubeconfig that leads elsewhere is no reason to replace it.
    this.lookup = new Provider(`${name}-lookup`, { ...args, clusterIdentifier: "looked up" }, { parent: this });
    const kubeSystem = Namespace.get(`${name}-kube-system`, "kube-system", { parent: this, provider: this.lookup });

    this.provider = new Provider(
      `${name}-provider`,
      { ...args, ...convergent, clusterIdentifier: kubeSystem.metadata.uid },
      replacedFirst(this),
    );
    this.access = { ...args, uid: kubeSystem.metadata.uid };
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
  // With a cluster that is gone, so are its objects; they must not keep the next from getting its own.
  deleteUnreachable: true,
};

/** The other way round, ending the old objects would delete the new ones: names and context are the same. */
function replacedFirst(parent: pulumi.Resource): pulumi.CustomResourceOptions {
  return { parent, deleteBeforeReplace: true };
}

function stackKubeconfig(): pulumi.Input<string> | undefined {
  const config = new pulumi.Config("kubernetes");
  return isConfigSecret("kubernetes:kubeconfig") ? config.getSecret("kubeconfig") : config.get("kubeconfig");
}

import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { pageCommands, pageConfigMap } from "../hosts/cluster/ui-files.ts";
import { builtUi } from "../hosts/sending/built-ui.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";

export interface UiFilesArgs {
  cluster: KubernetesCluster;
  /** Where the pods that serve it are; exists. */
  namespace: pulumi.Input<string>;
  /** The built page's, from the project's folder. @default ui/dist */
  directory?: string;
}

/** Brings this project's own page into a cluster, as a ConfigMap of its files. The state keeps its hash alone. */
export class UiFiles extends pulumi.ComponentResource {
  /** The ConfigMap's name, known from the start; what depends on it waits until it is there. */
  readonly configMap: pulumi.Output<string>;

  constructor(name: string, args: UiFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:ui:UiPage", name, {}, opts);
    const { context, kubeconfig = "", deleteUnreachable, uid } = args.cluster.access;
    const page = builtUi(args.directory);

    const commands = pulumi
      .all([args.namespace, uid])
      .apply(([namespace, cluster]) => pageCommands(page, { context, cluster, namespace, deleteUnreachable }));
    const placed = new local.Command(
      `${name}-files`,
      {
        create: commands.create,
        delete: commands.delete,
        stdin: pulumi.secret(kubeconfig),
        // Placed beside the old one, which goes once nothing is to mount it any more.
        triggers: [page.hash, args.namespace, uid],
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );

    this.configMap = pulumi.all([pageConfigMap(page), placed.urn]).apply(([configMap]) => configMap);
    this.registerOutputs({ configMap: this.configMap });
  }
}

import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { uiConfigMap, uiFilesCommands } from "../hosts/cluster/ui-files.ts";
import { builtUi } from "../hosts/sending/built-ui.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";

export interface UiFilesArgs {
  cluster: KubernetesCluster;
  /** The existing namespace of the pods that serve the ui. */
  namespace: pulumi.Input<string>;
  /** Folder of the built ui, absolute or relative to the folder in which Pulumi runs. @default this project's own, `ui/dist` */
  directory?: string;
}

/** Puts the files of this project's own ui into a ConfigMap. The state holds only their hash, not their text. */
export class UiFiles extends pulumi.ComponentResource {
  /** The ConfigMap's name. Resources that use it wait until the ConfigMap exists. */
  readonly configMap: pulumi.Output<string>;

  constructor(name: string, args: UiFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    // The type token is written by version 0.1.
    super("container-registry:ui:UiPage", name, {}, opts);
    const { context, kubeconfig = "", deleteUnreachable, uid } = args.cluster.access;
    const ui = builtUi(args.directory);

    const commands = pulumi
      .all([args.namespace, uid])
      .apply(([namespace, cluster]) => uiFilesCommands(ui, { context, cluster, namespace, deleteUnreachable }));
    const command = new local.Command(
      `${name}-files`,
      {
        create: commands.create,
        delete: commands.delete,
        stdin: pulumi.secret(kubeconfig),
        // A new ConfigMap is created beside the old one, which is deleted once no pod mounts it.
        triggers: [ui.hash, args.namespace, uid],
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );

    this.configMap = pulumi.all([uiConfigMap(ui), command.urn]).apply(([configMap]) => configMap);
    this.registerOutputs({ configMap: this.configMap });
  }
}

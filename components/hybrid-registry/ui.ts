import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { contentName } from "../../render/cluster-registry/content-name.ts";
import { names } from "../../render/hybrid-registry/ingress.ts";
import { uiCaddyfile, uiPodSpec, uiServicePorts } from "../../render/hybrid-registry/ui.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { UiFiles } from "../ui-files.ts";

export interface HybridUiArgs {
  cluster: KubernetesCluster;
  namespace: pulumi.Input<string>;
  /** Reference of the Caddy image, as nodes pull it. */
  image: string;
  /** `HOST:PORT` as in image references. */
  host: string;
}

/** This project's own ui in pods of its own. Its browser code calls the registry through the Ingress. */
export class HybridUi extends pulumi.ComponentResource {
  constructor(name: string, args: HybridUiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:hybrid:HybridUi", name, {}, opts);
    const { cluster, namespace, image, host } = args;
    const options = { parent: this, provider: cluster.provider };

    const files = new UiFiles(`${name}-page`, { cluster, namespace }, { parent: this });
    const data = { Caddyfile: uiCaddyfile(host) };
    const config = new ConfigMap(
      `${name}-config`,
      { metadata: { name: contentName(`${names.ui}-server`, data), namespace }, data, immutable: true },
      options,
    );
    new Deployment(
      `${name}-pods`,
      {
        metadata: { name: names.ui, namespace },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: pulumi
              .all([config.metadata.name, files.configMap])
              .apply(([config, files]) => uiPodSpec({ image, config, files })),
          },
        },
      },
      options,
    );
    new Service(
      `${name}-service`,
      { metadata: { name: names.ui, namespace }, spec: { selector: labels, ports: uiServicePorts } },
      options,
    );
    this.registerOutputs();
  }
}

const labels = { "app.kubernetes.io/name": names.ui };

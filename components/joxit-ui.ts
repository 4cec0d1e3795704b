import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { joxitPod } from "../render/joxit.ts";
import { imagePullErrors } from "./image-pull-errors.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";

export interface JoxitUiArgs {
  cluster: KubernetesCluster;
  /** An existing namespace. */
  namespace: pulumi.Input<string>;
  /** An image reference that nodes can pull. */
  image: string;
  /** Name of the Deployment and the Service, and the label of the pods. @default "registry-ui" */
  objectName?: string;
  /** The registry's host in image references, `HOST[:PORT]`. */
  host: pulumi.Input<string>;
}

/**
 * joxit/docker-registry-ui in a cluster, as a Service with port 80. It calls the registry's API at the root of
 * its own origin. Whatever serves it below a prefix must remove that prefix, which joxit does not know.
 */
export class JoxitUi extends pulumi.ComponentResource {
  /** `HOST:PORT` of the ui's Service, as pods in the same namespace reach it. */
  readonly upstream: pulumi.Output<string>;

  constructor(name: string, args: JoxitUiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:ui:JoxitUi", name, {}, opts);
    const { cluster, namespace, image, host, objectName = "registry-ui" } = args;
    const options = { parent: this, provider: cluster.provider };
    const labels = { "app.kubernetes.io/name": objectName, "app.kubernetes.io/part-of": "container-registry" };
    const metadata = { name: objectName, namespace, labels };

    new Deployment(
      `${name}-pods`,
      {
        metadata,
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: pulumi.output(host).apply((host) => joxitPod(image, host)) },
        },
      },
      { ...options, ...imagePullErrors(name, "variant.ui.image", cluster) },
    );
    const service = new Service(
      `${name}-service`,
      { metadata, spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] } },
      options,
    );

    this.upstream = service.metadata.name.apply((name) => `${name}:80`);
    this.registerOutputs({ upstream: this.upstream });
  }
}

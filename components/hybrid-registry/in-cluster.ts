import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { EndpointSlice } from "@pulumi/kubernetes/discovery/v1/endpointSlice.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import { IngressClass } from "@pulumi/kubernetes/networking/v1/ingressClass.js";
import * as pulumi from "@pulumi/pulumi";
import { ingressAnnotations } from "../../render/cluster-registry/ingress.ts";
import { endpointSlice, ingressSpec, names, serviceSpec } from "../../render/hybrid-registry/ingress.ts";
import type { HybridVariant } from "../../settings/variant-hybrid.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { HybridUi } from "./ui.ts";

export interface HybridInClusterArgs {
  variant: HybridVariant;
  cluster: KubernetesCluster;
  /** Of the container, in the nodes' network. */
  address: pulumi.Input<string>;
  /** `HOST:PORT` as images are named. */
  host: string;
}

/** What leads from the cluster's Ingress to the container outside it, and the page beside. */
export class HybridInCluster extends pulumi.ComponentResource {
  constructor(name: string, args: HybridInClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:hybrid:HybridInCluster", name, {}, opts);
    const { variant, cluster, address, host } = args;
    const { ui, images, ingressUrl, ingressClassName } = variant;
    const options = { parent: this, provider: cluster.provider };

    const namespace = new Namespace(
      `${name}-namespace`,
      { metadata: { name: variant.namespace } },
      // Left in the end: there may be more in it than ours.
      { ...options, retainOnDelete: true },
    ).metadata.name;
    const service = new Service(
      `${name}-service`,
      { metadata: { name: names.service, namespace }, spec: serviceSpec },
      options,
    );
    new EndpointSlice(
      `${name}-endpoint`,
      {
        metadata: { name: names.slice, namespace, labels: sliceLabels(service.metadata.name) },
        ...rendered(pulumi.output(address).apply(endpointSlice)),
      },
      options,
    );
    if (ui.kind === "builtin")
      new HybridUi(`${name}-ui`, { cluster, namespace, image: images.proxy.reference, host }, { parent: this });
    new Ingress(
      `${name}-ingress`,
      {
        metadata: { name: names.ingress, namespace, annotations: this.annotations(name, args) },
        spec: ingressSpec({ url: ingressUrl, className: ingressClassName, page: ui.kind === "builtin" }),
      },
      options,
    );
    this.registerOutputs();
  }

  /** Long uploads need the same here as in front of a registry in the cluster. */
  private annotations(name: string, { variant: { ingressClassName: className }, cluster }: HybridInClusterArgs) {
    const options = { parent: this, provider: cluster.lookup };
    const controller =
      className === undefined
        ? pulumi.output("")
        : IngressClass.get(`${name}-ingress-class`, className, options).spec.controller;
    return controller.apply((known) => ({ ...ingressAnnotations(known, {}), ...neverAddressed }));
  }
}

/** kind has no load balancer: many a controller there never gives an Ingress an address to wait for. */
const neverAddressed = { "pulumi.com/skipAwait": "true" };

function sliceLabels(service: pulumi.Input<string>) {
  return {
    "kubernetes.io/service-name": service,
    // Kubernetes' own controllers leave it alone.
    "endpointslice.kubernetes.io/managed-by": "container-registry",
  };
}

function rendered({ addressType, endpoints, ports }: pulumi.Output<ReturnType<typeof endpointSlice>>) {
  return { addressType, endpoints, ports };
}

import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { EndpointSlice } from "@pulumi/kubernetes/discovery/v1/endpointSlice.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import * as pulumi from "@pulumi/pulumi";
import { applyBundle } from "../../hosts/apply/apply-bundle.ts";
import { followBundle } from "../../hosts/hybrid-registry/endpoint-sync.ts";
import type { KindNode } from "../../hosts/node-trust/kind-nodes.ts";
import { ingressAnnotations } from "../../render/cluster-registry/ingress.ts";
import { endpointSlice, ingressSpec, names, serviceSpec } from "../../render/hybrid-registry/ingress.ts";
import type { Owner } from "../../settings/owner.ts";
import type { HybridVariant } from "../../settings/variant-hybrid.ts";
import { ingressController, ingressOptions } from "../ingress-controller.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { ownedNamespace } from "../owned-namespace.ts";
import { HybridJoxit } from "./joxit.ts";
import { HybridUi } from "./ui.ts";

export interface HybridInClusterArgs {
  variant: HybridVariant;
  cluster: KubernetesCluster;
  /** Whose the objects are, and the unit on the control plane. */
  owner: pulumi.Input<Owner>;
  /** The owner's own, known in the first preview. */
  takeOverFrom: readonly string[];
  /** Of the container, in the nodes' network. */
  address: pulumi.Output<string>;
  /** Of the nodes' network: the container has no address outside them. */
  subnets: string[];
  /** `HOST:PORT` as images are named. */
  host: string;
  /** kind's. */
  controlPlane: KindNode;
}

/** What leads from the cluster's Ingress to the container outside it, and the page beside. */
export class HybridInCluster extends pulumi.ComponentResource {
  /** The Service, made once the namespace is there. */
  readonly service: pulumi.Resource;

  constructor(name: string, args: HybridInClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:hybrid:HybridInCluster", name, {}, opts);
    const { variant, cluster, owner, takeOverFrom, address } = args;
    const { ui, ingressUrl: url, ingressClassName: className } = variant;
    const options = { parent: this, provider: cluster.provider };

    // Left in the end: there may be more in it than ours.
    const namespace = ownedNamespace(
      name,
      { cluster, namespace: variant.namespace, owner, takeOverFrom },
      { parent: this },
    );
    const service = new Service(
      `${name}-service`,
      { metadata: { name: names.service, namespace }, spec: serviceSpec },
      options,
    );
    const { addressType, endpoints, ports } = address.apply(endpointSlice);
    const slice = new EndpointSlice(
      `${name}-endpoint`,
      {
        metadata: { name: names.slice, namespace, labels: sliceLabels(service.metadata.name) },
        ...{ addressType, endpoints, ports },
      },
      options,
    );
    this.service = service;
    this.follow(name, args, slice);
    const controller = ingressController(variant.ingressClassName, { parent: this, provider: cluster.provider });
    // Long uploads need the same here as in front of a registry in the cluster.
    const annotations = controller.apply((known) => ({ ...ingressAnnotations(known, {}), ...neverAddressed }));
    new Ingress(
      `${name}-ingress`,
      {
        metadata: { name: names.ingress, namespace, annotations },
        spec: ingressSpec({ url, className, page: ui.kind === "builtin" }),
      },
      { ...options, ...ingressOptions(className) },
    );
    this.page(name, args, namespace, controller);
    this.registerOutputs();
  }

  /** Docker may give the container another address with each start, and no `up` comes then. */
  private follow(name: string, args: HybridInClusterArgs, slice: pulumi.Resource): void {
    const { variant, controlPlane, owner, subnets } = args;
    const { containerName: container, namespace } = variant;
    applyBundle(
      `${name}-follower`,
      {
        login: { connection: { kind: "docker-container", name: controlPlane.name } },
        bundle: followBundle(controlPlane, { container, namespace, subnets }),
        owner,
        // The unit is named after the container, and the machine may be another.
        identity: [controlPlane.name, container],
      },
      { parent: this, dependsOn: slice },
    );
  }

  private page(
    name: string,
    { variant, cluster, host }: HybridInClusterArgs,
    namespace: pulumi.Output<string>,
    controller: pulumi.Output<string>,
  ): void {
    const { ui, images, ingressUrl: url, ingressClassName } = variant;
    const common = { cluster, namespace, host };
    const parent = { parent: this };
    if (ui.kind === "builtin") new HybridUi(`${name}-ui`, { ...common, image: images.proxy.reference }, parent);
    if (ui.kind === "joxit" && ingressClassName !== undefined) {
      const ingressClass = { name: ingressClassName, controller };
      new HybridJoxit(`${name}-joxit`, { ...common, url, ingressClass, image: ui.image.reference }, parent);
    }
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

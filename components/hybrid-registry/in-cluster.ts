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
import type { HybridVariant } from "../../settings/variants/hybrid.ts";
import { ingressController, ingressOptions } from "../ingress-controller.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { ownedNamespace } from "../owned-namespace.ts";
import { HybridJoxit } from "./joxit.ts";
import { HybridUi } from "./ui.ts";

export interface HybridInClusterArgs {
  variant: HybridVariant;
  cluster: KubernetesCluster;
  /** The stack that owns the objects, and the systemd unit on the control plane. */
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
  /** IP address of the proxy's container in the nodes' network. */
  address: pulumi.Output<string>;
  /** Subnets of the nodes' network, which the container's address is always in. */
  subnets: string[];
  /** `HOST:PORT` as in image references. */
  host: string;
  /** The first control-plane node of the kind cluster. */
  controlPlane: KindNode;
}

/** The objects that lead from the cluster's Ingress to the container outside the cluster, and the ui. */
export class HybridInCluster extends pulumi.ComponentResource {
  /** The Service, which exists once the namespace does. */
  readonly service: pulumi.Resource;

  constructor(name: string, args: HybridInClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:hybrid:HybridInCluster", name, {}, opts);
    const { variant, cluster, owner, takeOverFrom, address } = args;
    const { ui, ingressUrl: url, ingressClassName: className } = variant;
    const options = { parent: this, provider: cluster.provider };

    // Without deleteData, destroy does not delete the namespace: it may contain objects that this stack does not own.
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
    this.createEndpointSync(name, args, slice);
    const controller = ingressController(variant.ingressClassName, { parent: this, provider: cluster.provider });
    // The annotations that long uploads need, the same as for the Ingress of variant cluster.
    const annotations = controller.apply((known) => ({ ...ingressAnnotations(known, {}), ...skipAwait }));
    new Ingress(
      `${name}-ingress`,
      {
        metadata: { name: names.ingress, namespace, annotations },
        spec: ingressSpec({ url, className, servesUi: ui.kind === "builtin" }),
      },
      { ...options, ...ingressOptions(className) },
    );
    this.createUi(name, args, namespace, controller);
    this.registerOutputs();
  }

  /**
   * Creates the endpoint sync on the control plane: a systemd unit that updates the EndpointSlice, since Docker may
   * give a restarted container another address.
   */
  private createEndpointSync(name: string, args: HybridInClusterArgs, slice: pulumi.Resource): void {
    const { variant, controlPlane, owner, subnets } = args;
    const { containerName: container, namespace } = variant;
    applyBundle(
      `${name}-follower`, // written by version 0.1
      {
        target: { connection: { kind: "docker-container", name: controlPlane.name } },
        bundle: followBundle(controlPlane, { container, namespace, subnets }),
        owner,
        // The unit's name has the container's name in it, so another container or machine needs another unit.
        identity: [controlPlane.name, container],
      },
      { parent: this, dependsOn: slice },
    );
  }

  private createUi(
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

/** Without this annotation, Pulumi would wait for an address that most Ingress controllers in kind never set. */
const skipAwait = { "pulumi.com/skipAwait": "true" };

function sliceLabels(service: pulumi.Input<string>) {
  return {
    "kubernetes.io/service-name": service,
    // Kubernetes' own controllers do not change a slice whose managed-by label names another manager.
    "endpointslice.kubernetes.io/managed-by": "container-registry",
  };
}

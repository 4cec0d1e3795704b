import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import type * as pulumi from "@pulumi/pulumi";
import { ingressAnnotations, ingressSpec } from "../../render/cluster-registry/ingress.ts";
import { labels, names } from "../../render/cluster-registry/names.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { ingressController, ingressOptions } from "../ingress-controller.ts";
import type { Target } from "./target.ts";

/**
 * Creates the Ingress for the registry's host name. For known controllers it has the annotations that long uploads
 * need.
 */
export function createIngress(
  host: pulumi.Output<string>,
  variant: ClusterVariant,
  { name, namespace, options }: Target,
  dependsOn: pulumi.Resource[],
): Ingress {
  const { ingressClassName, ingressAnnotations: given } = variant;
  const controller = ingressController(ingressClassName, options);
  const annotations = controller.apply((controller) => ingressAnnotations(controller, given));
  return new Ingress(
    `${name}-ingress`,
    {
      metadata: { name: names.ingress, namespace, labels, annotations },
      spec: host.apply((host) => ingressSpec(host, variant)),
    },
    { ...options, ...ingressOptions(ingressClassName), dependsOn },
  );
}

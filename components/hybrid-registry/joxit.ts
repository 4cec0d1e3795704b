import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import * as pulumi from "@pulumi/pulumi";
import { hostRule, names } from "../../render/hybrid-registry/ingress.ts";
import { isTraefik, middleware, stripping } from "../../render/hybrid-registry/prefix.ts";
import { ProgramError } from "../../settings/errors/program-error.ts";
import { JoxitUi } from "../joxit-ui.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";

export interface HybridJoxitArgs {
  cluster: KubernetesCluster;
  namespace: pulumi.Output<string>;
  image: string;
  /** `HOST:PORT` as in image references. */
  host: string;
  /** The URL that users open, as in `http://localhost:8080`. */
  url: string;
  ingressClass: { name: string; controller: pulumi.Output<string> };
}

/** joxit's ui below `/registry/`. It has an Ingress of its own, whose controller removes that prefix. */
export class HybridJoxit extends pulumi.ComponentResource {
  constructor(name: string, args: HybridJoxitArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:hybrid:HybridJoxit", name, {}, opts);
    const { cluster, namespace, image, host, url, ingressClass } = args;
    const options = { parent: this, provider: cluster.provider };

    new JoxitUi(`${name}-page`, { cluster, namespace, image, host, objectName: names.joxit }, { parent: this });
    const { apiVersion, kind, spec } = middleware;
    // The Middleware is created inside apply, since only the cluster knows the class's controller and only Traefik
    // needs a Middleware. Previews read the controller too, so they show this object.
    const created = ingressClass.controller.apply((controller) => {
      if (!isTraefik(controller)) return undefined;
      const metadata = { name: middleware.name, namespace };
      return new CustomResource(`${name}-middleware`, { apiVersion, kind, metadata, spec }, options).id;
    });
    const prefix = pulumi
      .all([ingressClass.controller, namespace, created])
      .apply(([controller, namespace]) => prefixRemoval(controller, ingressClass.name, namespace));
    const backend = { service: { name: names.joxit, port: { name: "http" } } };
    const paths = prefix.apply(({ path, pathType }) => [{ path, pathType, backend }]);
    new Ingress(
      `${name}-ingress`,
      {
        metadata: {
          name: `${names.ui}-ingress`,
          namespace,
          // Pulumi does not wait for the Ingress: most controllers in kind never set an address.
          annotations: prefix.apply(({ annotations }) => ({ ...annotations, "pulumi.com/skipAwait": "true" })),
        },
        spec: { ingressClassName: ingressClass.name, rules: [{ ...hostRule(url), http: { paths } }] },
      },
      options,
    );
    this.registerOutputs();
  }
}

/**
 * How the Ingress controller removes the path prefix. Throws a ProgramError if that is not known for the controller.
 */
function prefixRemoval(controller: string, className: string, namespace: string) {
  try {
    return stripping(controller, className, namespace);
  } catch (error) {
    throw new ProgramError(error instanceof Error ? error.message : String(error));
  }
}

import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import {
  caData,
  type FluxRegistry,
  fluxNames,
  imagePolicySpec,
  imageReflector,
  imageRepositorySpec,
  unservedVersion,
} from "../../render/flux.ts";
import { isPlain } from "../../render/node-url.ts";
import { dockerConfig, dockerConfigType } from "../../render/pull-secret.ts";
import type { Flux } from "../../settings/consumers/flux.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import { ProgramError } from "../../settings/errors/program-error.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Settings } from "../../settings/settings.ts";
import { accountCredentials } from "../account-credentials.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { ownedObject } from "../owned-object.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";
import { requiredCrd } from "../required-crd.ts";
import { requiredNamespace } from "../required-namespace.ts";

export interface FluxImagesArgs {
  flux: Flux;
  containerRegistry: ContainerRegistry;
  cluster: KubernetesCluster;
  endpoint: RegistryEndpoint;
  /** The stack that owns the objects. */
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
  /** Whether a private CA may have signed the registry's certificate. */
  privateCa: boolean;
}

/** Where the objects are created, once the cluster is known to have the namespace and Flux's CRDs. */
type Target = {
  name: string;
  /** The namespace of an object of that kind and name, once this stack owns that name. */
  namespaceOf: (suffix: string, kind: string, object: pulumi.Input<string>) => pulumi.Output<string>;
  options: pulumi.CustomResourceOptions;
};

/** Makes Flux watch the registry for new tags, with the credentials and the CA that it needs. */
class FluxImages extends pulumi.ComponentResource {
  constructor(name: string, args: FluxImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:consumers:FluxImages", name, {}, opts);
    const { flux, containerRegistry, cluster, endpoint } = args;
    const options = { parent: this, provider: cluster.provider, dependsOn: endpoint.served };
    const target = { name, namespaceOf: this.ownedNames(name, args), options };

    const hasLogin = containerRegistry.requiresAuthForPull;
    const secrets = [
      ...(hasLogin ? [createLoginSecret(args, target)] : []),
      ...(args.privateCa ? [createCaSecret(args, target)] : []),
    ];
    const { host, url, ca } = endpoint;
    const registry = pulumi.all([host, url, ca]).apply(
      ([host, url, ca]): FluxRegistry => ({
        host,
        pathPrefix: containerRegistry.pathPrefix,
        plain: isPlain(url),
        hasCa: ca !== "",
        hasLogin,
      }),
    );
    const object = (kind: string, of: string, spec: pulumi.Input<object>, dependsOn: pulumi.Resource[]) =>
      new CustomResource(
        `${name}-${kind.toLowerCase()}-${of}`,
        {
          apiVersion: flux.apiVersion,
          kind,
          metadata: { name: of, namespace: target.namespaceOf(`${kind.toLowerCase()}-${of}`, kind, of) },
          spec,
        },
        { ...options, dependsOn: [...options.dependsOn, ...dependsOn] },
      );
    const repositories = flux.images.map((image) =>
      object(
        "ImageRepository",
        image.name,
        registry.apply((registry) => imageRepositorySpec(image, registry)),
        secrets,
      ),
    );
    for (const policy of flux.policies) object("ImagePolicy", policy.name, imagePolicySpec(policy), repositories);
    this.registerOutputs();
  }

  private ownedNames(name: string, args: FluxImagesArgs): Target["namespaceOf"] {
    const namespace = this.requireFlux(args);
    const { cluster, owner, takeOverFrom, endpoint } = args;
    const shared = { cluster, owner, takeOverFrom, namespace, another: "another name, or another flux.namespace" };
    const options = { parent: this, dependsOn: endpoint.served };
    return (suffix, kind, object) => ownedObject(`${name}-${suffix}`, { ...shared, kind, object }, options);
  }

  /**
   * Returns Flux's namespace after checking that the cluster has the namespace, Flux's CRDs and the API version from
   * the stack file. All objects use this namespace, so none is created if the check fails.
   */
  private requireFlux({ flux: { namespace, apiVersion }, cluster }: FluxImagesArgs): pulumi.Output<string> {
    const reading = { parent: this, provider: cluster.provider };
    const definition = requiredCrd(imageReflector.crd, imageReflector, reading);
    return pulumi
      .all([requiredNamespace(namespace, "flux", reading), definition.spec.versions])
      .apply(([namespace, versions]) => {
        const problem = unservedVersion(apiVersion, versions);
        if (problem !== undefined) throw new ProgramError(problem);
        return namespace;
      });
  }
}

/** Creates Flux's objects if the stack file asks for them. */
export function createFluxImages(
  { flux, containerRegistry, variant, takeOverFrom }: Settings,
  rest: Pick<FluxImagesArgs, "cluster" | "endpoint" | "owner">,
): void {
  const privateCa = "tls" in variant && ["private-ca", "provided-ca", "cert-manager"].includes(variant.tls.kind);
  if (flux) new FluxImages("flux", { ...rest, takeOverFrom, flux, containerRegistry, privateCa });
}

function createLoginSecret({ flux, endpoint }: FluxImagesArgs, { name, namespaceOf, options }: Target): Secret {
  const credentials = accountCredentials(endpoint, flux.account);
  const stringData = pulumi
    .all([endpoint.host, credentials])
    .apply(([host, credentials]) => dockerConfig({ hosts: [host], ...credentials }));
  const object = endpoint.host.apply((host) => fluxNames(host).login);
  const metadata = { name: object, namespace: namespaceOf("login", "Secret", object) };
  return new Secret(`${name}-login`, { metadata, type: dockerConfigType, stringData }, options);
}

/** A Secret with the registry's CA. Flux needs it, since Flux does not use the CAs that its node trusts. */
function createCaSecret({ flux, endpoint }: FluxImagesArgs, { name, namespaceOf, options }: Target): Secret {
  const object = endpoint.host.apply((host) => fluxNames(host).ca);
  const metadata = { name: object, namespace: namespaceOf("ca", "Secret", object) };
  const stringData = endpoint.ca.apply((ca) => caData(flux.apiVersion, ca));
  return new Secret(`${name}-ca`, { metadata, stringData }, options);
}

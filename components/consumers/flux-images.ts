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
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { Flux } from "../../settings/flux.ts";
import type { Owner } from "../../settings/owner.ts";
import { ProgramError } from "../../settings/program-error.ts";
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
  /** Whose the objects are. */
  owner: pulumi.Input<Owner>;
  /** The owner's own, known in the first preview. */
  takeOverFrom: readonly string[];
  /** Whether the registry's certificate may be by an authority of its own. */
  privateCa: boolean;
}

/** Where things are made: all of it waits for what the cluster must have already. */
type Place = {
  name: string;
  /** The namespace for an object of that kind and name, once it is this stack's. */
  namespaceOf: (suffix: string, kind: string, object: pulumi.Input<string>) => pulumi.Output<string>;
  options: pulumi.CustomResourceOptions;
};

/** Has Flux watch the registry for new tags, with the credentials and the authority that it needs for it. */
class FluxImages extends pulumi.ComponentResource {
  constructor(name: string, args: FluxImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:consumers:FluxImages", name, {}, opts);
    const { flux, containerRegistry, cluster, endpoint } = args;
    const options = { parent: this, provider: cluster.provider, dependsOn: endpoint.served };
    const place = { name, namespaceOf: this.owned(name, args), options };

    const hasLogin = containerRegistry.requiresAuthForPull;
    const secrets = [
      ...(hasLogin ? [loginSecret(args, place)] : []),
      ...(args.privateCa ? [caSecret(args, place)] : []),
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
          metadata: { name: of, namespace: place.namespaceOf(`${kind.toLowerCase()}-${of}`, kind, of) },
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

  private owned(name: string, args: FluxImagesArgs): Place["namespaceOf"] {
    const namespace = this.namespace(args);
    const { cluster, owner, takeOverFrom, endpoint } = args;
    const shared = { cluster, owner, takeOverFrom, namespace, another: "another name, or another flux.namespace" };
    const options = { parent: this, dependsOn: endpoint.served };
    return (suffix, kind, object) => ownedObject(`${name}-${suffix}`, { ...shared, kind, object }, options);
  }

  /** Of everything here, and so nothing is made in a cluster without it, without Flux, or with another version of Flux. */
  private namespace({ flux: { namespace, apiVersion }, cluster }: FluxImagesArgs): pulumi.Output<string> {
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

/** The stack's, if it asks for any. */
export function createFluxImages(
  { flux, containerRegistry, variant, takeOverFrom }: Settings,
  rest: Pick<FluxImagesArgs, "cluster" | "endpoint" | "owner">,
): void {
  const privateCa = "tls" in variant && ["private-ca", "provided-ca", "cert-manager"].includes(variant.tls.kind);
  if (flux) new FluxImages("flux", { ...rest, takeOverFrom, flux, containerRegistry, privateCa });
}

function loginSecret({ flux, endpoint }: FluxImagesArgs, { name, namespaceOf, options }: Place): Secret {
  const credentials = accountCredentials(endpoint, flux.account);
  const stringData = pulumi
    .all([endpoint.host, credentials])
    .apply(([host, credentials]) => dockerConfig({ hosts: [host], ...credentials }));
  const object = endpoint.host.apply((host) => fluxNames(host).login);
  const metadata = { name: object, namespace: namespaceOf("login", "Secret", object) };
  return new Secret(`${name}-login`, { metadata, type: dockerConfigType, stringData }, options);
}

/** Flux does not go by what its node trusts. */
function caSecret({ flux, endpoint }: FluxImagesArgs, { name, namespaceOf, options }: Place): Secret {
  const object = endpoint.host.apply((host) => fluxNames(host).ca);
  const metadata = { name: object, namespace: namespaceOf("ca", "Secret", object) };
  const stringData = endpoint.ca.apply((ca) => caData(flux.apiVersion, ca));
  return new Secret(`${name}-ca`, { metadata, stringData }, options);
}

import type { Flux } from "../settings/consumers/flux.ts";
import { imagePrefix } from "../settings/formats/image-reference.ts";

const group = "image.toolkit.fluxcd.io";

/** Whose objects these are, and the kind of them that tells what the cluster has. */
export const imageReflector = {
  by: "Flux with its image-reflector-controller",
  installation: "flux install --components-extra=image-reflector-controller,image-automation-controller",
  crd: `imagerepositories.${group}`,
};

/** Names in Flux' namespace, which registries share, as in `registry.example.org-5000-login`. */
export function fluxNames(host: string) {
  const registry = host.replace(":", "-");
  return { login: `${registry}-login`, ca: `${registry}-ca` };
}

/** Which versions of its objects a cluster has, as its definition says. */
export type Served = readonly { name: string; served: boolean }[];

/** Why the stack's version of Flux' API is none of the cluster's, with the way out. Nothing where it is one. */
export function unservedVersion(apiVersion: string, versions: Served): string | undefined {
  const served = versions.filter((each) => each.served).map(({ name }) => `${group}/${name}`);
  if (served.includes(apiVersion)) return undefined;
  return `flux.apiVersion = "${apiVersion}": the cluster's Flux serves ${served.join(", ") || "no version of it"}; set flux.apiVersion to one it serves, or update Flux`;
}

/** How Flux gets at a registry. */
export type FluxRegistry = {
  /** `HOST[:PORT]` */
  host: string;
  pathPrefix: string;
  /** Whether it is reached without TLS. */
  plain: boolean;
  /** Whether there is a Secret with its own authority. */
  hasCa: boolean;
  /** Whether there is a Secret to log in with. */
  hasLogin: boolean;
};

/** An ImageRepository: where Flux looks for tags. */
export function imageRepositorySpec({ name, image = name, interval }: Flux["images"][number], registry: FluxRegistry) {
  const { host, plain, hasCa, hasLogin } = registry;
  const names = fluxNames(host);
  return {
    image: `${imagePrefix(registry)}/${image}`,
    interval,
    ...(plain && { insecure: true }),
    ...(hasLogin && { secretRef: { name: names.login } }),
    ...(hasCa && { certSecretRef: { name: names.ca } }),
  };
}

/** An ImagePolicy: which of the tags is the newest. */
export function imagePolicySpec({ image, policy, filterTags }: Flux["policies"][number]) {
  const { kind, ...rule } = policy;
  return { imageRepositoryRef: { name: image }, policy: { [kind]: rule }, ...(filterTags && { filterTags }) };
}

/** What the Secret with the registry's authority holds. Flux older than its v1beta2 reads it under another key. */
export function caData(apiVersion: string, ca: string): Record<string, string> {
  return { [apiVersion === `${group}/v1beta1` ? "caFile" : "ca.crt"]: ca };
}

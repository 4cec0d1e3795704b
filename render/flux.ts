import type { Flux } from "../settings/consumers/flux.ts";
import { imagePrefix } from "../settings/formats/image-reference.ts";

const group = "image.toolkit.fluxcd.io";

/** The operator that these objects need, and the CRD that exists if the operator is installed. */
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

/** The versions in a CRD's spec. */
export type Served = readonly { name: string; served: boolean }[];

/** The error where the cluster does not serve the stack's version of Flux' API; undefined where it does. */
export function unservedVersion(apiVersion: string, versions: Served): string | undefined {
  const served = versions.filter((each) => each.served).map(({ name }) => `${group}/${name}`);
  if (served.includes(apiVersion)) return undefined;
  return `flux.apiVersion = "${apiVersion}": the cluster's Flux serves ${served.join(", ") || "no version of it"}; set flux.apiVersion to one it serves, or update Flux`;
}

/** What Flux needs to know of a registry. */
export type FluxRegistry = {
  /** `HOST[:PORT]` */
  host: string;
  pathPrefix: string;
  /** Whether the registry has no TLS. */
  plain: boolean;
  /** Whether there is a Secret with its CA. */
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

/** The data of the Secret with the registry's CA. Flux before v1beta2 reads it from another key. */
export function caData(apiVersion: string, ca: string): Record<string, string> {
  return { [apiVersion === `${group}/v1beta1` ? "caFile" : "ca.crt"]: ca };
}

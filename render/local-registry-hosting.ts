import { stringify } from "yaml";
import { addressOf } from "./node-url.ts";

export type LocalRegistryHosting = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** Where nodes find it, scheme included, in the order they try. */
  nodeUrls: readonly string[];
  /** Whether pods find it as nodes do. Not where only the nodes' /etc/hosts has its name. */
  resolvesInPods: boolean;
};

/**
 * `localRegistryHosting.v1` of the ConfigMap that tells development tools where a cluster's registry is.
 * @see KEP-1755, https://kind.sigs.k8s.io/docs/user/local-registry/
 */
export function localRegistryHosting({ host, nodeUrls, resolvesInPods }: LocalRegistryHosting): string {
  const addresses = nodeUrls.map(addressOf);
  const [first = host] = addresses;
  const inside = addresses.includes(host) ? host : first;
  return stringify({
    host,
    hostFromContainerRuntime: inside,
    ...(resolvesInPods && { hostFromClusterNetwork: inside }),
    help: "https://kind.sigs.k8s.io/docs/user/local-registry/",
  });
}

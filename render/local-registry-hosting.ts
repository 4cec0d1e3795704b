import { stringify } from "yaml";
import { addressOf } from "./node-url.ts";

export type LocalRegistryHosting = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** The registry's URLs for nodes, in the order that they try them. */
  nodeUrls: readonly string[];
  /** Whether pods resolve it as nodes do. False if only the nodes' /etc/hosts has its name. */
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

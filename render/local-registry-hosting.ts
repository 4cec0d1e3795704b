import { stringify } from "yaml";

export type LocalRegistryHosting = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** Whether pods find that name too. Not where only the nodes' /etc/hosts has it. */
  resolvesInPods: boolean;
};

/**
 * `localRegistryHosting.v1` of the ConfigMap that tells development tools where a cluster's registry is.
 * @see KEP-1755, https://kind.sigs.k8s.io/docs/user/local-registry/
 */
export function localRegistryHosting({ host, resolvesInPods }: LocalRegistryHosting): string {
  return stringify({
    host,
    hostFromContainerRuntime: host,
    ...(resolvesInPods && { hostFromClusterNetwork: host }),
    help: "https://kind.sigs.k8s.io/docs/user/local-registry/",
  });
}

import { readFileSync } from "node:fs";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { caddyfile } from "../proxy/caddyfile.ts";
import { proxyOfCluster } from "../proxy/proxy-of-settings.ts";
import { rightsFile } from "../proxy/rights.ts";
import { contentName } from "./content-name.ts";

export type ClusterRegistrySettings = {
  variant: ClusterVariant;
  /** Its host has the load balancer's address filled in. */
  containerRegistry: ContainerRegistry;
  accounts: readonly Account[];
};

/** The proxy's ConfigMap. Its name has a checksum of its content, so that a change of it rolls the pods. */
export function proxyConfig(settings: ClusterRegistrySettings): { name: string; data: Record<string, string> } {
  const program = readFileSync(new URL("proxy.sh", import.meta.url), "utf8");
  const data = { Caddyfile: caddyfile(proxyOfCluster(settings)), "proxy.sh": program };
  return { name: contentName("registry-proxy", data), data };
}

/** The accounts' rights, in a ConfigMap of their own: the running proxy reloads when it changes. */
export function rightsConfig(settings: ClusterRegistrySettings): Record<string, string> {
  return { "rights.caddy": rightsFile(proxyOfCluster(settings)) };
}

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { type MonitoringSettings, stackMetrics } from "../metrics/stack-metrics.ts";
import { caddyfile } from "../proxy/caddyfile.ts";
import { proxyFiles } from "../proxy/proxy-config.ts";
import { proxyOfCluster } from "../proxy/proxy-of-settings.ts";
import { reloadProgram } from "../proxy/reload-program.ts";
import { rightsFile } from "../proxy/rights.ts";
import { contentName } from "./content-name.ts";

export type ClusterRegistrySettings = {
  variant: ClusterVariant;
  /** The registry's settings. The host has the load balancer's address instead of the placeholder. */
  containerRegistry: ContainerRegistry;
  accounts: readonly Account[];
  /** `REPOSITORY:TAG` globs of tags that are neither overwritten nor deleted. @default none */
  immutableTags?: readonly string[];
  /** When garbage is collected in the volume. @default never */
  garbageCollection?: GarbageCollection;
  /** @default no metrics */
  monitoring?: MonitoringSettings | undefined;
};

/** How often proxy.sh looks whether its files have changed. */
export const secondsBetweenLooks = 2;

/**
 * The proxy's ConfigMap. Its name contains a checksum of the content, so that Kubernetes replaces the pods after a
 * change.
 */
export function proxyConfig(settings: ClusterRegistrySettings): { name: string; data: Record<string, string> } {
  const program = readFileSync(new URL("proxy.sh", import.meta.url), "utf8");
  const data = {
    Caddyfile: caddyfile(proxyOfCluster(settings)),
    "proxy.sh": program,
    "reload.sh": reloadProgram,
  };
  return { name: contentName("registry-proxy", data), data };
}

/** The data of the ConfigMap with the accounts' rights, and the metrics of when they end. The running proxy reloads when that ConfigMap changes. */
export function rightsConfig(settings: ClusterRegistrySettings): Record<string, string> {
  const { accounts, monitoring } = settings;
  return {
    "rights.caddy": rightsFile(proxyOfCluster(settings)),
    ...(monitoring && { [basename(proxyFiles.stackMetrics)]: stackMetrics(accounts, monitoring) }),
  };
}

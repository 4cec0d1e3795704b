import { readFileSync } from "node:fs";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import { type ClusterVariant, privateNetworks } from "../../settings/variant-cluster.ts";
import { caddyfile } from "../proxy/caddyfile.ts";
import type { ProxyConfig, ProxyUi } from "../proxy/proxy-config.ts";
import { rights } from "../proxy/rights.ts";
import { contentName } from "./content-name.ts";
import { proxyEndsTls } from "./exposure.ts";
import { ports, storageRoot, uiRoot } from "./names.ts";

export type ClusterRegistrySettings = {
  variant: ClusterVariant;
  /** Its host with the load balancer's address filled in. */
  containerRegistry: ContainerRegistry;
  accounts: readonly Account[];
};

/** The ConfigMap of the proxy, named by what is in it: another one rolls the pods. */
export function proxyConfig(settings: ClusterRegistrySettings): { name: string; data: Record<string, string> } {
  const program = readFileSync(new URL("proxy.sh", import.meta.url), "utf8");
  const data = { Caddyfile: caddyfile(proxy(settings)), "proxy.sh": program };
  return { name: contentName("registry-proxy", data), data };
}

/** Who may do what, apart from the rest: the proxy takes a change of it up as it runs. */
export function rightsConfig(settings: ClusterRegistrySettings): Record<string, string> {
  return { "rights.caddy": `${rights(proxy(settings))}\n` };
}

function proxy({ variant, containerRegistry, accounts }: ClusterRegistrySettings): ProxyConfig {
  const { storage, catalogue, nodeNetworks } = variant;
  const endsTls = proxyEndsTls(variant);
  return {
    host: containerRegistry.host,
    tls: { kind: endsTls ? "files" : "none" },
    listens: {
      kind: "service",
      plainPort: ports.plain,
      ...(endsTls && { tlsPort: ports.tls }),
      // An ingress controller's pod has none of the nodes' addresses.
      forwardedFrom: [...new Set([...privateNetworks, ...nodeNetworks])],
    },
    accounts,
    rightsFile: "/etc/caddy/rights.caddy",
    requiresAuthForPull: containerRegistry.requiresAuthForPull,
    catalogue,
    allowFrom: [],
    upstream: `127.0.0.1:${ports.registry}`,
    ...(storage.kind === "volume" && { storageRoot }),
    ui: uiOf(variant),
  };
}

function uiOf({ ui }: ClusterVariant): ProxyUi | undefined {
  switch (ui.kind) {
    case "none":
      return undefined;
    case "builtin":
      return { kind: "files", root: uiRoot };
    case "joxit":
      return { kind: "proxied", upstream: "registry-ui:80" };
  }
}

import { readFileSync } from "node:fs";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import { type ClusterVariant, privateNetworks } from "../../settings/variant-cluster.ts";
import { caddyfile } from "../gate/caddyfile.ts";
import type { Gate, GateUi } from "../gate/gate.ts";
import { rights } from "../gate/rights.ts";
import { contentName } from "./content-name.ts";
import { gateEndsTls } from "./exposure.ts";
import { pageRoot, ports, storageRoot } from "./names.ts";

export type ClusterRegistrySettings = {
  variant: ClusterVariant;
  /** Its host with the load balancer's address filled in. */
  containerRegistry: ContainerRegistry;
  accounts: readonly Account[];
};

/** The ConfigMap of the gate, named by what is in it: another one rolls the pods. */
export function gateConfig(settings: ClusterRegistrySettings): { name: string; data: Record<string, string> } {
  const program = readFileSync(new URL("gate.sh", import.meta.url), "utf8");
  const data = { Caddyfile: caddyfile(gate(settings)), "gate.sh": program };
  return { name: contentName("registry-gate", data), data };
}

/** Who may do what, apart from the rest: the gate takes a change of it up as it runs. */
export function rightsConfig(settings: ClusterRegistrySettings): Record<string, string> {
  return { "rights.caddy": `${rights(gate(settings))}\n` };
}

function gate({ variant, containerRegistry, accounts }: ClusterRegistrySettings): Gate {
  const { storage, catalogue, nodeNetworks } = variant;
  const endsTls = gateEndsTls(variant);
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
    ui: pageOf(variant),
  };
}

function pageOf({ ui }: ClusterVariant): GateUi | undefined {
  switch (ui.kind) {
    case "none":
      return undefined;
    case "builtin":
      return { kind: "files", root: pageRoot };
    case "joxit":
      return { kind: "proxied", upstream: "registry-ui:80" };
  }
}

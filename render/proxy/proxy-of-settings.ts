import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import { splitImmutableTag } from "../../settings/immutable-tags.ts";
import type { Monitoring } from "../../settings/monitoring.ts";
import { type ClusterVariant, privateNetworks } from "../../settings/variants/cluster.ts";
import type { HostVariant } from "../../settings/variants/host.ts";
import type { HostTls } from "../../settings/variants/tls.ts";
import type { Ui } from "../../settings/variants/ui.ts";
import { proxyEndsTls } from "../cluster-registry/exposure.ts";
import * as cluster from "../cluster-registry/names.ts";
import { joxitHostPort, registryAddress, registryMetricsAddress, storageRoot } from "../compose.ts";
import { proxyPort, storageSocket } from "../hybrid-registry/containers.ts";
import { type ProxyConfig, type ProxyMetrics, type ProxyTls, type ProxyUi, proxyFiles } from "./proxy-config.ts";

/** The parts of a stack that every variant's proxy is configured from. */
type CommonSettings = {
  containerRegistry: ContainerRegistry;
  accounts: readonly Account[];
  immutableTags?: readonly string[];
  monitoring?: Monitoring | undefined;
};

/** Caddy on a machine of its own: `variant.kind: host`. */
export function proxyOfHost(
  settings: CommonSettings & { variant: HostVariant; garbageCollection?: GarbageCollection; readOnly?: boolean },
): ProxyConfig {
  const { tls, catalogue, allowFrom, ui } = settings.variant;
  return {
    ...commonConfig(settings),
    tls: tlsOfHost(tls),
    listens: { kind: "machine" },
    catalogue,
    allowFrom,
    upstream: registryAddress,
    storageRoot,
    collected: settings.garbageCollection !== undefined,
    readOnly: settings.readOnly,
    ui: uiConfig(ui, proxyFiles.ui, `127.0.0.1:${joxitHostPort}`),
    metrics: metricsConfig(settings.monitoring, { registry: registryMetricsAddress, ofHost: true }),
  };
}

/**
 * Caddy in the pod of `variant.kind: cluster`. The accounts' rights are in a file of their own, so that Kubernetes does
 * not replace the pods when they change.
 */
export function proxyOfCluster(
  settings: CommonSettings & { variant: ClusterVariant; garbageCollection?: GarbageCollection },
): ProxyConfig {
  const { variant } = settings;
  const endsTls = proxyEndsTls(variant);
  return {
    ...commonConfig(settings),
    tls: { kind: endsTls ? "files" : "none" },
    listens: {
      kind: "service",
      plainPort: cluster.ports.plain,
      ...(endsTls && { tlsPort: cluster.ports.tls }),
      // Also the private networks, since an ingress controller's pod has an address outside nodeNetworks.
      forwardedFrom: [...new Set([...privateNetworks, ...variant.nodeNetworks])],
    },
    rightsFile: "/etc/caddy/rights.caddy",
    catalogue: variant.catalogue,
    allowFrom: [],
    upstream: `127.0.0.1:${cluster.ports.registry}`,
    ...(variant.storage.kind === "volume" && { storageRoot: cluster.storageRoot }),
    collected: settings.garbageCollection !== undefined,
    ui: uiConfig(variant.ui, cluster.uiRoot, "registry-ui:80"),
    metrics: metricsConfig(settings.monitoring, { registry: cluster.registryMetricsAddress, ofHost: false }),
  };
}

/** Caddy in a container beside a kind cluster: `variant.kind: hybrid`. A pod of the cluster serves the UI. */
export function proxyOfHybrid(settings: CommonSettings): ProxyConfig {
  return {
    ...commonConfig(settings),
    tls: { kind: "none" },
    listens: { kind: "service", plainPort: proxyPort, forwardedFrom: privateNetworks },
    catalogue: "open",
    allowFrom: [],
    upstream: `unix/${storageSocket}`,
    storageRoot,
  };
}

/** How the proxy of a host gets its certificate, be it Caddy or Traefik. */
export function tlsOfHost(tls: HostTls): ProxyTls {
  switch (tls.kind) {
    case "acme":
      return { kind: "acme", email: tls.email, directory: tls.directory, directoryCa: tls.directoryCa !== undefined };
    case "private-ca":
    case "provided":
      return { kind: "files" };
    case "none":
      return { kind: "none" };
  }
}

function commonConfig({ containerRegistry, accounts, immutableTags = [] }: CommonSettings) {
  const { host, requiresAuthForPull } = containerRegistry;
  return { host, requiresAuthForPull, accounts, immutableTags: immutableTags.map(splitImmutableTag) };
}

function metricsConfig(
  monitoring: Monitoring | undefined,
  where: Omit<ProxyMetrics, "account">,
): ProxyMetrics | undefined {
  return monitoring && { account: monitoring.account, ...where };
}

/** `filesRoot` is where the proxy sees the builtin UI's files, and `joxitUpstream` where it reaches joxit. */
function uiConfig(ui: Ui, filesRoot: string, joxitUpstream: string): ProxyUi | undefined {
  switch (ui.kind) {
    case "none":
      return undefined;
    case "builtin":
      return { kind: "files", root: filesRoot };
    case "joxit":
      return { kind: "proxied", upstream: joxitUpstream };
  }
}

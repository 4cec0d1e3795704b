import { parse } from "yaml";
import { composeYaml, type Image, type ProxyKind } from "../../render/compose.ts";

const image: Image = { kind: "loaded", id: "sha256:none" };

export type ProductionEnvironment = {
  registry: Record<string, string>;
  proxy: Record<string, string>;
  /** How many files the proxy may have open. */
  openFiles: number;
  /** The memory limit of the proxy's container, in MiB. */
  proxyMemoryMib: number;
};

/** The limits and environment variables that proxy and registry have in production, as read from the rendered compose.yaml. */
export function productionEnvironment(proxyKind: ProxyKind = "caddy"): ProductionEnvironment {
  const compose = composeYaml({
    proxy: proxyKind,
    images: { registry: image, proxy: image },
    memoryMib: { registry: 512, proxy: 512 },
    storagePath: "/srv/data/registry",
    plainPort: 80,
    registryAddress: "127.0.0.1:5000",
  });
  const { registry, proxy } = parse(compose).services;
  return {
    registry: registry.environment,
    proxy: proxy.environment,
    openFiles: proxy.ulimits.nofile,
    proxyMemoryMib: Number.parseInt(proxy.mem_limit, 10),
  };
}

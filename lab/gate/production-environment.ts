import { parse } from "yaml";
import { composeYaml, type Image } from "../../render/compose.ts";

const image: Image = { kind: "loaded", id: "sha256:none" };

/** The environment compose.yaml gives the two servers. */
export function productionEnvironment(): { registry: Record<string, string>; proxy: Record<string, string> } {
  const compose = composeYaml({
    proxy: "caddy",
    images: { registry: image, proxy: image },
    memoryMib: { registry: 512, proxy: 256 },
    storagePath: "/srv/data/registry",
    plainPort: 80,
    registryAddress: "127.0.0.1:5000",
  });
  const { registry, proxy } = parse(compose).services;
  return { registry: registry.environment, proxy: proxy.environment };
}

import type { ContainerRegistry } from "../container-registry.ts";

type Address = Pick<ContainerRegistry, "host" | "pathPrefix">;

/** The tag that stands for an image not built yet. */
export const placeholderTag = "does-not-exist";

/** What every image of the project starts with: `HOST/PREFIX`, or `HOST` where the prefix is empty. */
export function imagePrefix({ host, pathPrefix }: Address): string {
  return pathPrefix === "" ? host : `${host}/${pathPrefix}`;
}

/**
 * A full image reference.
 * @example imageReference({ host: "registry.example.org", pathPrefix: "p2c" }, "shop", "1.4") // registry.example.org/p2c/shop:1.4
 */
export function imageReference(address: Address, app: string, tag: string): string {
  return `${imagePrefix(address)}/${app}:${tag}`;
}

/** The repository that a stack puts into its registry, or asks a foreign one about. */
export const probe = "container-registry-probe";

/** The tiny image that the registry host pushes into its own registry, for nodes to prove that they can pull. */
export function probeImage(address: Address): string {
  return imageReference(address, probe, "1");
}

/** Its repository: the name without the registry. */
export function probeRepository(address: Address): string {
  return repositoryBelow(address, probe);
}

/** A repository's whole name: the path prefix and what is below it. */
export function repositoryBelow({ pathPrefix }: Pick<Address, "pathPrefix">, repository: string): string {
  return pathPrefix === "" ? repository : `${pathPrefix}/${repository}`;
}

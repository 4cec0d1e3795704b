import type { ContainerRegistry } from "../container-registry.ts";

type Address = Pick<ContainerRegistry, "host" | "pathPrefix">;

/**
 * A tag that no image has. `up` requests it to test an account's right to pull: without the right, the registry denies
 * access instead of answering that the tag does not exist.
 */
export const placeholderTag = "does-not-exist";

/** How every image reference of the registry starts: `HOST/PREFIX`, or `HOST` if the path prefix is empty. */
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

/**
 * The repository of the image that variant host pushes into its registry. With variant existing it is the default of
 * `probeRepository`, with which `up` tests the account's rights.
 */
export const probe = "container-registry-probe";

/** The tiny image that the registry host pushes into its own registry, for nodes to prove that they can pull. */
export function probeImage(address: Address): string {
  return imageReference(address, probe, "1");
}

/** The repository of the probe image: its path prefix and name, without host and tag. */
export function probeRepository(address: Address): string {
  return repositoryBelow(address, probe);
}

/** The whole name of a repository: the path prefix, then the name below the prefix. */
export function repositoryBelow({ pathPrefix }: Pick<Address, "pathPrefix">, repository: string): string {
  return pathPrefix === "" ? repository : `${pathPrefix}/${repository}`;
}

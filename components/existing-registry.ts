import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import type { ExistingVariant } from "../settings/variant-existing.ts";
import { addressed, type RegistryEndpoint } from "./registry-endpoint.ts";

export type ExistingRegistryArgs = {
  variant: ExistingVariant;
  containerRegistry: ContainerRegistry;
  /** Who pushes there. Neither where pushes need no credentials. */
  username?: pulumi.Input<string>;
  password?: pulumi.Input<string>;
};

/** The endpoint of a registry that somebody else runs. No resource is made. */
export function existingRegistry({
  variant: { tls },
  containerRegistry: { host },
  username,
  password,
}: ExistingRegistryArgs): RegistryEndpoint {
  const accounts = pulumi
    .all([username, password])
    .apply(
      ([username, password]): Record<string, string> =>
        username !== undefined && password !== undefined ? { [username]: password } : {},
    );
  return {
    ...addressed(host, tls.kind === "none" ? "http" : "https"),
    ca: pulumi.output(tls.kind === "provided-ca" ? readFileSync(tls.file, "utf8") : ""),
    accounts: pulumi.secret(accounts),
    served: [],
  };
}

import { ApiError } from "./api/transport.ts";

/** Adds the official provider's hint to a field conflict. */
export function applyFailure(error: unknown, manager: string): unknown {
  if (!(error instanceof ApiError) || error.reason !== "Conflict") return error;
  return new Error(
    `server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help
The resource managed by field manager "${manager}" had an apply conflict: ${error.message}`,
  );
}

/** @see pulumi-kubernetes 4.29: a creation no longer takes over what is there */
export function creationFailure(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") return error;
  return new Error(
    `${error.message}

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`,
  );
}

export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

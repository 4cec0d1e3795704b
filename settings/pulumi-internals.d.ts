// The Pulumi SDK exports this function at run time, but its published types do not declare it.
import "@pulumi/pulumi/runtime/config.js";

declare module "@pulumi/pulumi/runtime/config.js" {
  /** Whether the stack file holds `key` (with its namespace) encrypted. */
  export function isConfigSecret(key: string): boolean;
}

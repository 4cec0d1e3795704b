// In the package, but stripped from its published types.
import "@pulumi/pulumi/runtime/config.js";

declare module "@pulumi/pulumi/runtime/config.js" {
  /** Whether the stack file holds `key` (with its namespace) encrypted. */
  export function isConfigSecret(key: string): boolean;
}

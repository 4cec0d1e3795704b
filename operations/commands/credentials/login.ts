import type { Flux } from "../../../settings/consumers/flux.ts";

/** The registry, the account and the Kubernetes names that the printed shell lines contain. */
export type RegistryLogin = {
  /** The registry's `HOST[:PORT]`. */
  host: string;
  pathPrefix: string;
  username: string;
  /** The password, or `hiddenPassword` without --show-secrets. */
  password: string;
  /** The registry's CA as PEM; empty where a public CA signed the registry's certificate. */
  ca: string;
  /** Whether the registry serves plain HTTP, without TLS. */
  plain: boolean;
  /** Namespace of the Secret. @default the one in which the consumer looks for it */
  namespace?: string | undefined;
  /** Name of the Secret. @default for Flux the name in the stack's Flux objects, else `registry` */
  name?: string | undefined;
  /** The image API that the cluster's Flux serves. */
  fluxApiVersion: Flux["apiVersion"];
};

/** Printed in place of the password without --show-secrets. A registry refuses it like any wrong password. */
export const hiddenPassword = "[left out: --show-secrets]";

/** The line with a space before it: many shells leave such lines, here one with a password, out of their history. */
export function unrecorded(line: string): string {
  return ` ${line}`;
}

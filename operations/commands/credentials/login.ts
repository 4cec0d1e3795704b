import type { Flux } from "../../../settings/consumers/flux.ts";

/** Whom what is pasted logs in as, and where. */
export type RegistryLogin = {
  /** `HOST[:PORT]`. */
  host: string;
  pathPrefix: string;
  username: string;
  /** What stands for it where nobody asked to see it. */
  password: string;
  /** PEM; empty where a public authority signed. */
  ca: string;
  /** Whether the registry is reached without TLS. */
  plain: boolean;
  /** Where a Secret goes. @default where the consumer looks by itself */
  namespace?: string | undefined;
  /** Its name. @default what Flux' objects of a stack name, `registry` elsewhere */
  name?: string | undefined;
  /** The image API that the cluster's Flux serves. */
  fluxApiVersion: Flux["apiVersion"];
};

/** Where no password is shown; in its place a registry answers that it is wrong. */
export const hiddenPassword = "[left out: --show-secrets]";

/** A line that holds the password: most shells keep what starts with a space out of their history. */
export function unrecorded(line: string): string {
  return ` ${line}`;
}

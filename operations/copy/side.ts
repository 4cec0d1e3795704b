import type { Logins } from "../registry-api/access.ts";
import type { RegistryApi } from "../registry-api/registry-api.ts";

/** A registry that images are copied from or to. */
export type Side = {
  api: RegistryApi;
  /** `HOST[:PORT]`, as it stands in image references. */
  host: string;
  /** PEM of the CA that signed its certificate; empty with a public CA, and without TLS. */
  ca: string;
  logins: Logins;
};

/** How often a request is sent at most. One that fails would end a copy that takes hours. */
export const tries = 6;

import type { AccountSecrets } from "../../render/proxy/account-secrets.ts";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { HostVariant } from "../../settings/variants/host.ts";
import type { Bundle, BundleFile } from "../apply/bundle.ts";

/** What a proxy's files are rendered from, secrets aside. */
export type ProxyPlan = { variant: HostVariant; containerRegistry: ContainerRegistry; accounts: Account[] };

export type ProxySecrets = {
  accounts: AccountSecrets[];
  /** PEM, leaf first, and its key. None where the proxy asks an ACME server, or there is no TLS. */
  certificate?: { chain: string; key: string };
};

/** What stands in front of the registry, as its part of a host's bundle. */
export type HostProxy = {
  directories(plan: ProxyPlan): Bundle["directories"];
  /** Files that a preview shows. */
  files(plan: ProxyPlan): BundleFile[];
  secretFiles(plan: ProxyPlan, secrets: ProxySecrets): BundleFile[];
};

import type { AccountSecrets } from "../../render/proxy/accounts-file.ts";
import type { ProxyTls } from "../../render/proxy/proxy-config.ts";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { HostTls } from "../../settings/tls.ts";
import type { HostVariant } from "../../settings/variant-host.ts";
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

/** Where the proxies find the registry, which listens on loopback. */
export const registryAddress = "127.0.0.1:5000";

export function proxyTls(tls: HostTls): ProxyTls {
  switch (tls.kind) {
    case "acme":
      return { kind: "acme", email: tls.email, directory: tls.directory, directoryCa: tls.directoryCa !== undefined };
    case "private-ca":
    case "provided":
      return { kind: "files" };
    case "none":
      return { kind: "none" };
  }
}

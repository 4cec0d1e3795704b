import type { MonitoringSettings } from "../../render/metrics/stack-metrics.ts";
import type { AccountSecrets } from "../../render/proxy/account-secrets.ts";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import type { HostVariant } from "../../settings/variants/host.ts";
import type { Bundle, BundleFile } from "../apply/bundle.ts";

/** The settings from which a proxy's files are rendered, without secrets. */
export type ProxyPlan = {
  variant: HostVariant;
  containerRegistry: ContainerRegistry;
  accounts: Account[];
  /** `REPOSITORY:TAG` globs of tags that are neither overwritten nor deleted. @default none */
  immutableTags?: readonly string[];
  /** Whether it refuses pushes and deletions, since the registry moves to another host. @default false */
  readOnly?: boolean;
  /** @default none: the space of deleted images stays taken */
  garbageCollection?: GarbageCollection;
  /** @default no metrics */
  monitoring?: MonitoringSettings | undefined;
};

export type ProxySecrets = {
  accounts: AccountSecrets[];
  /** Chain (PEM, leaf first) and key. Undefined if the proxy uses an ACME server, or if there is no TLS. */
  certificate?: { chain: string; key: string };
};

/** A proxy's part of a registry host's bundle: its directories and files. */
export type HostProxy = {
  directories(plan: ProxyPlan): Bundle["directories"];
  /** Files that a preview shows. */
  files(plan: ProxyPlan): BundleFile[];
  secretFiles(plan: ProxyPlan, secrets: ProxySecrets): BundleFile[];
};

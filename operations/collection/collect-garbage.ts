import type { LiveStack } from "../live-stack.ts";
import { collectInCluster } from "./collect-in-cluster.ts";
import { collectOnHost } from "./collect-on-host.ts";
import type { Collected } from "./collected.ts";

/** Runs the collector where the registry's storage is, and shows its progress on standard error. */
export function collectGarbage(stack: LiveStack, args: readonly string[]): Promise<Collected> {
  const { variant } = stack.settings;
  return variant.kind === "cluster" ? collectInCluster(stack, variant, args) : collectOnHost(stack, args);
}

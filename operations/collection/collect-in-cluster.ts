import { names } from "../../render/cluster-registry/names.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import type { LiveStack } from "../live-stack.ts";
import { type ClusterProgram, runClusterProgram } from "../machines/cluster-program.ts";
import { Collected } from "./collected.ts";

const program: ClusterProgram = { cronJob: names.collector, key: "garbageCollection" };

/**
 * Runs the collector in a Job of the registry's namespace with these arguments, and shows its progress on standard
 * error.
 */
export async function collectInCluster(
  stack: LiveStack,
  variant: ClusterVariant,
  args: readonly string[],
): Promise<Collected> {
  return Collected.parse(JSON.parse(await runClusterProgram(stack, variant, program, args)));
}

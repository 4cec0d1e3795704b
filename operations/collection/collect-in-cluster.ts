import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { KubectlError, requireKubectl } from "../kubectl.ts";
import type { LiveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { requireKey } from "../required-key.ts";
import { Collected } from "./collected.ts";
import { collectorJob } from "./collector-job.ts";

/**
 * Runs the collector in a Job of the registry's namespace with these arguments, and shows its progress on standard
 * error.
 */
export async function collectInCluster(
  stack: LiveStack,
  { namespace }: ClusterVariant,
  args: readonly string[],
): Promise<Collected> {
  requireKey(stack, "garbageCollection");
  await using kubectl = await requireKubectl(stack);
  try {
    const answer = await collectorJob(kubectl, { namespace, args, onLine: (line) => console.error(line) });
    return Collected.parse(JSON.parse(answer));
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    throw new OperationError(`context ${kubectl.context}, namespace ${namespace}: ${error.message}`);
  }
}

import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { KubectlError, requireKubectl } from "../kubectl.ts";
import type { LiveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { type ProgramKey, requireKey } from "../required-key.ts";
import { type CronJobRun, runCronJob } from "./cron-job-run.ts";

/** A program whose CronJob `up` creates in the registry's namespace for a key of the stack file. */
export type ClusterProgram = Pick<CronJobRun, "cronJob" | "writes" | "failsOnProblems"> & {
  /** The key of the stack file without which the cluster does not have it. */
  key: Exclude<ProgramKey, "notify">;
};

/** Runs a program beside a cluster's registry, and returns what it prints for programs. Its messages are printed meanwhile. */
export async function runClusterProgram(
  stack: LiveStack,
  { namespace }: ClusterVariant,
  { key, ...program }: ClusterProgram,
  args: readonly string[],
): Promise<string> {
  requireKey(stack, key);
  await using kubectl = await requireKubectl(stack);
  try {
    return await runCronJob(kubectl, { ...program, namespace, args, onLine: (line) => console.error(line) });
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    throw new OperationError(`context ${kubectl.context}, namespace ${namespace}: ${error.message}`);
  }
}

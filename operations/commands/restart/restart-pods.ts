import { names } from "../../../render/cluster-registry/names.ts";
import type { ClusterVariant } from "../../../settings/variants/cluster.ts";
import { clusterFacts, objectsOfKind } from "../../health/cluster-facts.ts";
import { KubectlError, requireKubectl } from "../../kubectl.ts";
import type { LiveStack } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";

/** How long the pods may take to be ready, in seconds: uploads under way may take five minutes to end. */
const waitSeconds = 480;

/** Has the cluster replace the registry's pods, as its strategy has it, and waits until the new ones are ready. */
export async function restartPods(stack: LiveStack, variant: ClusterVariant): Promise<void> {
  const { namespace } = variant;
  const deployment = [`deployment/${names.deployment}`, `--namespace=${namespace}`];
  await using kubectl = await requireKubectl(stack);
  try {
    console.error("replacing the registry's pods; uploads under way may take five minutes to end");
    await kubectl.run(["rollout", "restart", ...deployment]);
    await kubectl.run(["rollout", "status", ...deployment, `--timeout=${waitSeconds}s`], {
      onLine: (line) => console.error(line),
    });
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    const why = await podProblems(stack, variant);
    throw new OperationError(
      `context ${kubectl.context}, namespace ${namespace}: the pods do not serve: ${[error.message, ...why].join("; ")}`,
    );
  }
}

/** Why pods wait, and what is said of pods that found no node. */
async function podProblems(stack: LiveStack, variant: ClusterVariant): Promise<string[]> {
  try {
    return objectsOfKind(await clusterFacts(stack, variant), "Pod").flatMap(({ metadata, status }) => [
      ...status.containerStatuses.flatMap(({ name, state }) =>
        state.waiting
          ? [`${metadata.name}, container ${name}: ${state.waiting.reason} ${state.waiting.message ?? ""}`]
          : [],
      ),
      ...status.conditions
        .filter(({ type, status }) => type === "PodScheduled" && status === "False")
        .map(({ message }) => `${metadata.name}: ${message ?? "no node takes it"}`),
    ]);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return [];
  }
}

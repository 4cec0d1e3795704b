import { KubectlError, openKubectl } from "../../kubectl.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";
import { objects } from "../checks/cluster/objects.ts";
import { type CheckedPods, pods } from "../checks/cluster/pods.ts";
import { type CheckedCluster, cluster } from "../checks/consumer/cluster.ts";
import { type CheckedDisk, room } from "../checks/host/storage.ts";
import { compareObjects } from "../cluster/live-objects.ts";
import { clusterFacts as registryFacts } from "../cluster-facts.ts";
import { clusterFacts as consumerFacts } from "../consumers/cluster-facts.ts";
import type { AppliedState } from "../machines/applied-commands.ts";
import { mendsOf } from "../mends.ts";
import { type Part, part } from "../part.ts";

const name = "the stack's cluster";

/** The stack's objects in its cluster: the registry's own, those by which nodes trust it, and those of consumers. */
export function clusterPart(stack: LiveStack, outputs: StackOutputs, state: AppliedState): Part {
  const { variant } = stack.settings;
  const mends = mendsOf(stack);
  return part<CheckedCluster & CheckedPods & CheckedDisk>({
    ...{ name, checks: [...objects, ...pods, ...room, ...cluster] },
    look: async (signal) => {
      await using kubectl = await openKubectl(stack);
      if (kubectl === undefined) throw new OperationError("the stack names none (kubernetes:context)");
      const [compared, consumers, registry] = await Promise.all([
        compareObjects(kubectl, state.objects, signal).catch(asOperationError),
        consumerFacts({ ...kubectl, run: (args) => kubectl.run(args, { signal }) }, stack.settings, outputs),
        variant.kind === "cluster" ? registryFacts(stack, variant) : undefined,
      ]);
      const { context } = kubectl;
      const where = `cluster ${context}`;
      const health = registry?.pod ?? {};
      return { ...consumers, ...{ where, context, mends, health, objects: compared }, ...(registry && { registry }) };
    },
    unreachable: {
      id: "cluster-unreachable",
      problem: (reason) => ({
        problem: `the cluster cannot be asked: ${reason}`,
        ...{
          where: name,
          affects: "the operator: whether the stack's objects there are as up wrote them is unknown",
          fixable: false,
        },
        mend: "start the cluster, or correct kubernetes:context in the stack file; then see: kubectl get nodes",
      }),
    },
  });
}

function asOperationError(error: unknown): never {
  if (!(error instanceof KubectlError)) throw error;
  throw new OperationError(`kubectl: ${error.message}`);
}

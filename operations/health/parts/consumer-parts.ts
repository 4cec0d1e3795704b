import { jenkinsDrift } from "../../jenkins-drift.ts";
import { openKubectl } from "../../kubectl.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";
import { type CheckedCluster, cluster } from "../checks/consumer/cluster.ts";
import { jenkins } from "../checks/consumer/jenkins.ts";
import { clusterFacts } from "../consumers/cluster-facts.ts";
import { mendsOf } from "../mends.ts";
import { type Part, part } from "../part.ts";

/** What gets credentials or the registry's address from the stack: Jenkins, pull secrets, pipelines, Flux. */
export function consumerParts(stack: LiveStack, outputs: StackOutputs): Part[] {
  const { pullSecrets, pipelineConfig, flux } = stack.settings;
  const inCluster = pullSecrets.length > 0 || pipelineConfig !== undefined || flux !== undefined;
  const { jenkins } = stack.settings;
  return [
    ...(jenkins?.via === "rest" ? [jenkinsPart(stack, outputs, jenkins.url)] : []),
    ...(inCluster ? [clusterPart(stack, outputs)] : []),
  ];
}

function jenkinsPart(stack: LiveStack, outputs: StackOutputs, url: string): Part {
  const where = `Jenkins ${url}`;
  return part({
    ...{ name: where, checks: jenkins },
    look: async () => ({ where, steps: (await jenkinsDrift(stack, outputs)).steps, mends: mendsOf(stack) }),
    unreachable: {
      id: "jenkins-unreachable",
      problem: (reason) => ({
        problem: `Jenkins' credentials cannot be read: ${reason}`,
        ...{ where, affects: "the operator: whether pipelines can push is unknown", fixable: false },
        mend: `start Jenkins, or let this machine connect to it; then see: curl -I ${url}/login`,
      }),
    },
  });
}

function clusterPart(stack: LiveStack, outputs: StackOutputs): Part {
  const where = "the stack's cluster";
  return part<CheckedCluster>({
    ...{ name: where, checks: cluster },
    look: async () => {
      await using kubectl = await openKubectl(stack);
      if (kubectl === undefined) throw new OperationError("the stack names none (kubernetes:context)");
      const facts = await clusterFacts(kubectl, stack.settings, outputs);
      return { ...facts, where: `cluster ${kubectl.context}`, context: kubectl.context, mends: mendsOf(stack) };
    },
    unreachable: {
      id: "cluster-unreachable",
      problem: (reason) => ({
        problem: `the cluster cannot be asked: ${reason}`,
        ...{ where, affects: "the operator: whether pods and Flux have their credentials is unknown", fixable: false },
        mend: "start the cluster, or correct kubernetes:context in the stack file; then see: kubectl get nodes",
      }),
    },
  });
}

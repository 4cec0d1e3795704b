import { jenkinsDrift } from "../../jenkins-drift.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { jenkins } from "../checks/consumer/jenkins.ts";
import type { AppliedState } from "../machines/applied-commands.ts";
import { mendsOf } from "../mends.ts";
import { type Part, part } from "../part.ts";
import { clusterPart } from "./cluster-part.ts";

/** Jenkins and the stack's cluster, where the stack has them. */
export function consumerParts(stack: LiveStack, outputs: StackOutputs, state: AppliedState): Part[] {
  const { pullSecrets, pipelineConfig, flux, jenkins } = stack.settings;
  const inCluster =
    state.objects.length > 0 || pullSecrets.length > 0 || pipelineConfig?.namespace !== undefined || flux !== undefined;
  return [
    ...(jenkins?.via === "rest" ? [jenkinsPart(stack, outputs, jenkins.url)] : []),
    ...(inCluster ? [clusterPart(stack, outputs, state)] : []),
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

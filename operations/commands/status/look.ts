import { type ClusterFacts, clusterFacts } from "../../health/cluster-facts.ts";
import { type HostFacts, hostFacts } from "../../health/host-facts.ts";
import { type Served, served } from "../../health/served.ts";
import { type TrustingNodes, trustingNodes } from "../../health/trusting-nodes.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";

type Unknown = { part: string; problem: string };

/** What the parts of a live stack say at one time. */
export type Seen = {
  now: Date;
  served: Served;
  host?: HostFacts;
  cluster?: ClusterFacts;
  /** Missing where the stack has none. */
  nodes?: TrustingNodes;
  unknown: readonly Unknown[];
};

/** Asks all parts of the stack side by side. A part that does not answer is named in `unknown`. */
export async function look(stack: LiveStack, outputs: StackOutputs): Promise<Seen> {
  const unknown: Unknown[] = [];
  const unlessUnknown = async <T>(part: string, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      unknown.push({ part, problem: error.message });
      return undefined;
    }
  };
  const { variant } = stack.settings;
  const [answer, host, cluster, nodes] = await Promise.all([
    served(stack, outputs),
    unlessUnknown("host", () => hostFacts(stack)),
    variant.kind === "cluster" ? unlessUnknown("cluster", () => clusterFacts(stack, variant)) : undefined,
    trustingNodes(stack, outputs),
  ]);
  const pod = cluster?.problem === undefined ? [] : [{ part: "pod", problem: cluster.problem }];
  const parts = [...(host?.problems ?? []), ...(cluster?.pod?.problems ?? [])];
  return {
    now: new Date(),
    served: answer,
    ...(host && { host }),
    ...(cluster && { cluster }),
    ...(nodes.known > 0 && { nodes }),
    unknown: [...unknown, ...pod, ...parts, ...nodes.unknown.map(({ node, problem }) => ({ part: node, problem }))],
  };
}

import pLimit from "p-limit";
import { appliedFilesScript } from "../../hosts/health/applied-files.ts";
import { machinesOf, type NamedNode, type StackNode, stackNodes } from "../../hosts/node-trust/node-machines.ts";
import { daemonSetName } from "../../render/node-daemon-set.ts";
import { KubectlError, requireKubectl } from "../kubectl.ts";
import type { LiveStack, StackOutputs } from "../live-stack.ts";
import { openMachine } from "../machines/machine.ts";
import { OperationError } from "../operation-error.ts";
import { appliedFacts, lacks } from "./machines/applied-facts.ts";
import { listedKindNodes } from "./machines/listed-kind-nodes.ts";
import { within } from "./within.ts";

/** How many nodes of the stack have everything by which they trust the registry, and what the others lack. */
export type TrustingNodes = {
  known: number;
  trusting: number;
  /** What a node lacks. */
  lacking: readonly NodeProblem[];
  /** Why a node could not be asked. */
  unknown: readonly NodeProblem[];
};

type NodeProblem = { node: string; problem: string };

/** How many nodes are asked at once, and how long one may take, in seconds. */
const atOnce = 32;
const limitSeconds = 10;

/** Asks each of the stack's nodes over its own connection, and the cluster about the DaemonSet's. */
export async function trustingNodes(
  stack: LiveStack,
  outputs: Pick<StackOutputs, "registryHost">,
): Promise<TrustingNodes> {
  const { nodeDaemonSet } = stack.settings;
  const limit = pLimit(atOnce);
  const groups = stackNodes(stack.settings).map(askedOf);
  const machines = groups.flatMap(({ asked }) => asked);
  const [states, pods] = await Promise.all([
    Promise.all(machines.map((each) => limit(() => stateOf(each, stack.secrets)))),
    nodeDaemonSet && daemonSetState(stack, nodeDaemonSet.namespace, outputs.registryHost),
  ]);
  const all = [...states, ...(pods ? [pods] : []), ...groups.flatMap(({ unknown }) => unknown)];
  const sum = (of: (state: State) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    known: sum(({ known = 1 }) => known),
    trusting: sum(({ trusting }) => trusting),
    lacking: all.flatMap(({ lacking }) => lacking ?? []),
    unknown: all.flatMap(({ unknown }) => unknown ?? []),
  };
}

/** Of one node unless `known` says otherwise. */
type State = { known?: number; trusting: number; lacking?: NodeProblem; unknown?: NodeProblem };

/** The machines behind a node of the stack. A kind cluster that does not exist is one unknown node. */
function askedOf(stackNode: StackNode): { asked: NamedNode[]; unknown: State[] } {
  try {
    return { asked: machinesOf(stackNode, listedKindNodes), unknown: [] };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { asked: [], unknown: [{ trusting: 0, unknown: { node: stackNode.node.name, problem } }] };
  }
}

async function stateOf({ machine: node }: NamedNode, secrets: LiveStack["secrets"]): Promise<State> {
  const { machine: name, runtime, connection } = node;
  try {
    const bundle = `trust-${runtime}-${name}`;
    const answer = await within(limitSeconds, `node ${name}`, async (signal) => {
      await using machine = await openMachine(connection, secrets, signal);
      return await machine.run(appliedFilesScript(bundle, `${bundle}.*`));
    });
    const problems = lacks(appliedFacts(answer));
    return problems.length === 0
      ? { trusting: 1 }
      : { trusting: 0, lacking: { node: name, problem: problems.join("; ") } };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { trusting: 0, unknown: { node: name, problem: error.message } };
  }
}

/** A pod of the DaemonSet is ready once its node trusts the registry. */
async function daemonSetState(stack: LiveStack, namespace: string, host: string): Promise<State> {
  const node = `the DaemonSet in ${namespace}`;
  try {
    await using kubectl = await requireKubectl(stack);
    const text = await within(limitSeconds, `the cluster of context ${kubectl.context}`, (signal) =>
      kubectl.run(["get", "daemonset", daemonSetName(host), `--namespace=${namespace}`, "--output=json"], { signal }),
    );
    const { desiredNumberScheduled: known = 0, numberReady: trusting = 0 } = Object(JSON.parse(text).status);
    const left = known - trusting;
    if (left === 0) return { known, trusting };
    const problem = `${left} of its pods are not ready: kubectl get pods --namespace ${namespace}`;
    return { known, trusting, lacking: { node, problem } };
  } catch (error) {
    if (!(error instanceof OperationError) && !(error instanceof KubectlError)) throw error;
    return { trusting: 0, unknown: { node, problem: error.message } };
  }
}

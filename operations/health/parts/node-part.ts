import { nodeHealthScript } from "../../../hosts/health/applied-files.ts";
import { splitHost } from "../../../settings/formats/host-name.ts";
import type { Node } from "../../../settings/nodes.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { openMachine } from "../../machines/machine.ts";
import { type CheckedNode, node as nodeChecks } from "../checks/node/node.ts";
import { type AppliedState, commandOf, textsIn, variableIn } from "../machines/applied-commands.ts";
import { nodeFacts } from "../machines/node-facts.ts";
import type { LostCluster, StackMachine } from "../machines/stack-machines.ts";
import { mendsOf, onMachine } from "../mends.ts";
import { type Part, part } from "../part.ts";

/** A pull by the runtime may take longer than all else together. */
const seconds = { ask: 10, pull: 25 };

/** A node: what `up` wrote there, its runtime, and the registry as it sees it. */
export function nodePart(
  stack: LiveStack,
  outputs: StackOutputs,
  state: AppliedState,
  machine: StackMachine & { node: Node },
): Part {
  const { where, connection, node, commandName } = machine;
  const mends = mendsOf(stack);
  const affects = `pods and containers on ${machine.name} whose images come from the registry`;
  const command = commandOf(state, commandName, connection);
  if (command === undefined)
    return {
      name: where,
      examine: async () => {
        const problem = "the stack file has this node, and no up has applied it yet";
        return [
          {
            finding: { check: "node-not-applied", problem, where, affects, mend: mends.up, fixable: false },
            followsFrom: [],
          },
        ];
      },
    };

  const registryName = splitHost(outputs.registryHost).name;
  const script = nodeHealthScript({
    folder: `trust-${node.runtime}-${variableIn(command, "machine")}.${state.owner}`,
    ...{ runtime: node.runtime, registryName, hostsEntry: node.hostsEntry },
    registryUrls: variableIn(command, "registry_urls"),
    caFile: variableIn(command, "ca_file"),
    probeImage: node.verify === "pull" ? variableIn(command, "probe_image") : "",
  });
  return part<CheckedNode>({
    ...{ name: where, checks: nodeChecks, seconds: node.verify === "pull" ? seconds.pull : seconds.ask },
    look: async (signal) => {
      await using shell = await openMachine(connection, stack.secrets, signal);
      return {
        ...nodeFacts(await shell.run(script)),
        ...{ where, affects, mends, connection, runtime: node.runtime, registryName, hostsEntry: node.hostsEntry },
        ...{ ownerId: state.owner, texts: textsIn(command) },
      };
    },
    unreachable: {
      id: "node-unreachable",
      problem: (reason) => ({
        problem: `the node cannot be asked: ${reason}`,
        ...{ where, affects: "the operator: no up reaches it; whether it pulls is unknown", fixable: false },
        mend: `start the machine, or take it out of nodes in the stack file; then see: ${onMachine(connection, "true")}`,
      }),
    },
  });
}

/** A kind cluster whose nodes cannot be listed, as one with a stopped node. The reason ends with the step that mends it. */
export function lostClusterPart({ where, reason }: LostCluster): Part {
  const [problem = "", mend = "start Docker on this machine; then see: docker ps"] = reason.split(/; (?:start it: )?/);
  const finding = { check: "node-unreachable", problem: `${where} cannot be asked for its nodes: ${problem}` };
  const affects = "whoever uses the cluster; whether its nodes pull is unknown";
  return {
    name: where,
    examine: async () => [
      { finding: { ...finding, where, affects, mend, fixable: false }, followsFrom: ["docker-down"] },
    ],
  };
}

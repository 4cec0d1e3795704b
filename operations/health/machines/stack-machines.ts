import { machinesOf, type StackNode, stackNodes } from "../../../hosts/node-trust/node-machines.ts";
import { machineAddress } from "../../../hosts/transport/machine-address.ts";
import type { Connection } from "../../../settings/connection.ts";
import type { Node } from "../../../settings/nodes.ts";
import type { LiveStack } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";
import { listedKindNodes } from "./listed-kind-nodes.ts";

/** A machine of the stack to which `up` applies a bundle. */
export type StackMachine = {
  kind: "host" | "node";
  /** As the stack file has it; the containers of a kind cluster have their own names. */
  name: string;
  /** As findings name it, as in `node node-1 (203.0.113.7)`. */
  where: string;
  connection: Connection;
  /** The name of the Pulumi resource that applies the bundle, without the machine. */
  commandName: string;
  node?: Node;
};

/** A kind cluster whose nodes cannot be listed. */
export type LostCluster = { where: string; reason: string };

/** The stack's registry host, where it has one, and its nodes, or the one node of that name. */
export function stackMachines(
  { settings }: Pick<LiveStack, "settings">,
  only?: string,
): { machines: StackMachine[]; lost: LostCluster[] } {
  const { variant, nodes } = settings;
  if (only !== undefined && !nodes.some(({ name }) => name === only))
    throw new OperationError(
      `the stack has no node ${only}; its nodes are: ${nodes.map(({ name }) => name).join(", ")}`,
    );
  const wanted = stackNodes(settings).filter(
    ({ node, isOfVariant }) => only === undefined || (!isOfVariant && node.name === only),
  );
  const found = wanted.map(nodeMachines);
  const host = variant.kind === "host" ? [hostMachine(variant.connection)] : [];
  return {
    machines: [...host, ...found.flatMap((each) => ("where" in each ? [] : each))],
    lost: found.flatMap((each) => ("where" in each ? [each] : [])),
  };
}

function hostMachine(connection: Connection): StackMachine {
  const where = `host ${machineAddress(connection)}`;
  return { kind: "host", name: "host", where, connection, commandName: "registry-apply" };
}

function nodeMachines(stackNode: StackNode): StackMachine[] | LostCluster {
  const { connection } = stackNode.node;
  const isCluster = connection.kind === "kind-cluster";
  try {
    return machinesOf(stackNode, listedKindNodes).map(({ name, node, machine: { machine, connection, runtime } }) => ({
      ...{ kind: "node" as const, name: machine, node, connection, commandName: `${name}-${runtime}-apply` },
      where: isCluster ? `node ${machine}` : `node ${machine} (${machineAddress(connection)})`,
    }));
  } catch (error) {
    const where = `kind cluster ${isCluster ? connection.name : ""}`;
    return { where, reason: error instanceof Error ? error.message : String(error) };
  }
}

import { machinesOf, type NamedNode, type StackNode, stackNodes } from "../../../hosts/node-trust/node-machines.ts";
import { machineAddress } from "../../../hosts/transport/machine-address.ts";
import type { Connection } from "../../../settings/connection.ts";
import type { Node } from "../../../settings/nodes.ts";
import type { LiveStack } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";

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

/** The stack's registry host, where it has one, and its nodes, or the one node of that name. */
export function stackMachines({ settings }: Pick<LiveStack, "settings">, only?: string): StackMachine[] {
  const { variant, nodes } = settings;
  if (only !== undefined && !nodes.some(({ name }) => name === only))
    throw new OperationError(
      `the stack has no node ${only}; its nodes are: ${nodes.map(({ name }) => name).join(", ")}`,
    );
  const wanted = stackNodes(settings).filter(
    ({ node, isOfVariant }) => only === undefined || (!isOfVariant && node.name === only),
  );
  return [...(variant.kind === "host" ? [hostMachine(variant.connection)] : []), ...wanted.flatMap(nodeMachines)];
}

function hostMachine(connection: Connection): StackMachine {
  const where = `host ${machineAddress(connection)}`;
  return { kind: "host", name: "host", where, connection, commandName: "registry-apply" };
}

/** The machines behind a node. Throws an OperationError if it is a kind cluster that does not exist. */
function nodeMachines(stackNode: StackNode): StackMachine[] {
  const isCluster = stackNode.node.connection.kind === "kind-cluster";
  return existingMachines(stackNode).map(({ name, node, machine: { machine, connection, runtime } }) => ({
    ...{ kind: "node" as const, name: machine, node, connection, commandName: `${name}-${runtime}-apply` },
    where: isCluster ? `node ${machine}` : `node ${machine} (${machineAddress(connection)})`,
  }));
}

function existingMachines(stackNode: StackNode): NamedNode[] {
  const { connection } = stackNode.node;
  try {
    return machinesOf(stackNode);
  } catch (error) {
    const cluster = "name" in connection ? connection.name : "";
    throw new OperationError(`kind cluster ${cluster}: ${error instanceof Error ? error.message : error}`);
  }
}

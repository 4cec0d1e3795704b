import { kindNodes } from "../../../hosts/node-trust/kind-nodes.ts";
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
  const own: Node[] = variant.kind === "hybrid" ? [kindClusterNode(variant.clusterName)] : [];
  const wanted = nodes.filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && wanted.length === 0)
    throw new OperationError(
      `the stack has no node ${only}; its nodes are: ${nodes.map(({ name }) => name).join(", ")}`,
    );
  return [
    ...(variant.kind === "host" ? [hostMachine(variant.connection)] : []),
    ...(only === undefined ? own.flatMap((node) => nodeMachines(node, true)) : []),
    ...wanted.flatMap((node) => nodeMachines(node)),
  ];
}

function hostMachine(connection: Connection): StackMachine {
  const where = `host ${machineAddress(connection)}`;
  return { kind: "host", name: "host", where, connection, commandName: "registry-apply" };
}

function nodeMachines(node: Node, isOwn = false): StackMachine[] {
  const { name, connection, runtime } = node;
  if (connection.kind !== "kind-cluster")
    return [
      {
        ...{ kind: "node", name, node, connection, commandName: `${name}-${runtime}-apply` },
        where: `node ${name} (${machineAddress(connection)})`,
      },
    ];
  return containersOf(connection.name).map((container) => ({
    ...{ kind: "node" as const, name: container, node },
    connection: { kind: "docker-container" as const, name: container },
    commandName: `${isOwn ? "" : `${name}-`}${container}-${runtime}-apply`,
    where: `node ${container}`,
  }));
}

function containersOf(cluster: string): string[] {
  try {
    return kindNodes(cluster).map(({ name }) => name);
  } catch (error) {
    throw new OperationError(`kind cluster ${cluster}: ${error instanceof Error ? error.message : error}`);
  }
}

function kindClusterNode(clusterName: string): Node {
  return {
    ...{ name: clusterName, runtime: "containerd", restart: false, verify: "ping", generation: "" },
    connection: { kind: "kind-cluster", name: clusterName },
  };
}

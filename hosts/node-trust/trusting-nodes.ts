import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../settings/errors/program-error.ts";
import type { Settings } from "../../settings/settings.ts";
import { kindNodes } from "./kind-nodes.ts";
import { machinesOf, type NamedNode, type StackNode, stackNodes } from "./node-machines.ts";

/**
 * The machines behind the stack's nodes. Call this function before any resource is created, since it throws a ProgramError
 * if a cluster does not exist.
 */
export function trustingNodes(settings: Pick<Settings, "nodes" | "variant">, kind = kindNodes): NamedNode[] {
  const all = stackNodes(settings).flatMap((node) => existingMachines(node, kind));
  for (const [index, one] of all.entries()) {
    const before = all.slice(0, index);
    const container = containerOf(one);
    const other = container && before.find((earlier) => containerOf(earlier) === container);
    if (other)
      throw stackFileError(`nodes ${other.node.name} and ${one.node.name} are both the container ${container}`);
    if (before.some(({ name }) => name === one.name))
      throw stackFileError(`two nodes are called ${one.name}; rename the one in nodes: ${one.node.name}`);
  }
  return all;
}

function existingMachines(stackNode: StackNode, kind: typeof kindNodes): NamedNode[] {
  const { node, clusterKey } = stackNode;
  try {
    return machinesOf(stackNode, kind);
  } catch (error) {
    const cluster = "name" in node.connection ? node.connection.name : "";
    throw stackFileError(`${clusterKey} = "${cluster}": ${error instanceof Error ? error.message : error}`);
  }
}

function containerOf({ machine: { connection, runtime } }: NamedNode): string | undefined {
  return connection.kind === "docker-container" ? `${connection.name}, runtime ${runtime}` : undefined;
}

function stackFileError(message: string): ProgramError {
  return new ProgramError(`stack ${pulumi.getStack()}: ${message}`);
}

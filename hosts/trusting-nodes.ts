import * as pulumi from "@pulumi/pulumi";
import type { Node } from "../settings/nodes.ts";
import { StackFileError } from "../settings/stack-file-error.ts";
import { kindNodes } from "./kind-nodes.ts";
import type { TrustingNode } from "./node-trust.ts";

export type NamedNode = {
  /** The stack file's, with the container's behind it where that is one of several. */
  name: string;
  /** What the stack file says of it. */
  node: Node;
  machine: TrustingNode;
};

/**
 * The machines behind the stack's `nodes`: each itself, a kind cluster as the containers that are its nodes now. To be
 * called before any resource: it throws a StackFileError where a cluster is not there.
 */
export function trustingNodes(nodes: readonly Node[], kind = kindNodes): NamedNode[] {
  const all = nodes.flatMap((node, index) => machinesOf(node, `nodes[${index}]`, kind));
  for (const [index, one] of all.entries()) {
    const container = containerOf(one);
    const other = container && all.slice(0, index).find((earlier) => containerOf(earlier) === container);
    if (other)
      throw stackFileError(`nodes ${other.node.name} and ${one.node.name} are both the container ${container}`);
  }
  return all;
}

function machinesOf(node: Node, path: string, kind: typeof kindNodes): NamedNode[] {
  const { name, connection, runtime, hostsEntry, restart, verify, generation } = node;
  const common = { runtime, hostsEntry, restart, verify };
  if (connection.kind !== "kind-cluster")
    return [{ name, node, machine: { ...common, machine: name, connection, generation } }];
  return containersOf(connection.name, path, kind).map((container) => ({
    name: `${name}-${container.name}`,
    node,
    machine: {
      ...common,
      machine: container.name,
      connection: { kind: "docker-container", name: container.name },
      // Made anew, it has another id, and is applied anew.
      generation: [generation, container.id.slice(0, 12)].filter(Boolean).join("-"),
    },
  }));
}

function containersOf(cluster: string, path: string, kind: typeof kindNodes) {
  try {
    return kind(cluster);
  } catch (error) {
    throw stackFileError(`${path}.connection.name = "${cluster}": ${error instanceof Error ? error.message : error}`);
  }
}

function containerOf({ machine: { connection, runtime } }: NamedNode): string | undefined {
  return connection.kind === "docker-container" ? `${connection.name}, runtime ${runtime}` : undefined;
}

function stackFileError(message: string): StackFileError {
  return new StackFileError(`stack ${pulumi.getStack()}: ${message}`);
}

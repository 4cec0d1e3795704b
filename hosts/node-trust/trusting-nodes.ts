import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../settings/errors/program-error.ts";
import type { Node } from "../../settings/nodes.ts";
import type { Settings } from "../../settings/settings.ts";
import type { HybridVariant } from "../../settings/variants/hybrid.ts";
import { kindNodes } from "./kind-nodes.ts";
import type { TrustingNode } from "./node-trust.ts";

export type NamedNode = {
  /**
   * The node's name in the stack file, followed by the container's name if the node is a kind cluster. A node of variant
   * hybrid's own cluster has the container's name alone.
   */
  name: string;
  /** The node's settings, from the stack file's `nodes` or from its variant. */
  node: Node;
  machine: TrustingNode;
};

/**
 * The machines behind the stack's `nodes`. A kind cluster stands for the containers that are its nodes now, any other node
 * for itself. The nodes of variant hybrid's cluster come first. Call this function before any resource is created, since
 * it throws a ProgramError if a cluster does not exist.
 */
export function trustingNodes({ nodes, variant }: Pick<Settings, "nodes" | "variant">, kind = kindNodes): NamedNode[] {
  const all = [
    ...(variant.kind === "hybrid" ? nodesOfItsOwn(variant, kind) : []),
    ...nodes.flatMap((node, index) => machinesOf(node, `nodes[${index}].connection.name`, kind)),
  ];
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

/** The nodes of a hybrid registry's own cluster, which the stack file's `nodes` do not list. */
function nodesOfItsOwn({ clusterName }: HybridVariant, kind: typeof kindNodes): NamedNode[] {
  const node: Node = {
    name: clusterName,
    runtime: "containerd",
    connection: { kind: "kind-cluster", name: clusterName },
    restart: false,
    verify: "ping",
    generation: "",
  };
  return machinesOf(node, "variant.clusterName", kind).map((one) => ({ ...one, name: one.machine.machine }));
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
      // A recreated container has another id, so that the command runs again.
      generation: [generation, container.id.slice(0, 12)].filter(Boolean).join("-"),
    },
  }));
}

function containersOf(cluster: string, path: string, kind: typeof kindNodes) {
  try {
    return kind(cluster);
  } catch (error) {
    throw stackFileError(`${path} = "${cluster}": ${error instanceof Error ? error.message : error}`);
  }
}

function containerOf({ machine: { connection, runtime } }: NamedNode): string | undefined {
  return connection.kind === "docker-container" ? `${connection.name}, runtime ${runtime}` : undefined;
}

function stackFileError(message: string): ProgramError {
  return new ProgramError(`stack ${pulumi.getStack()}: ${message}`);
}

import type { Node } from "../../settings/nodes.ts";
import type { Settings } from "../../settings/settings.ts";
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

export type StackNode = {
  node: Node;
  /** The key of the stack file that names the node's kind cluster. */
  clusterKey: string;
  /** Whether the variant has this node, and not the stack file's `nodes`. */
  isOfVariant: boolean;
};

/** The stack's nodes: the cluster of variant hybrid first, then the stack file's `nodes`. */
export function stackNodes({ nodes, variant }: Pick<Settings, "nodes" | "variant">): StackNode[] {
  const own: StackNode[] =
    variant.kind === "hybrid"
      ? [{ node: clusterNode(variant.clusterName), clusterKey: "variant.clusterName", isOfVariant: true }]
      : [];
  return [
    ...own,
    ...nodes.map((node, index) => ({ node, clusterKey: `nodes[${index}].connection.name`, isOfVariant: false })),
  ];
}

function clusterNode(name: string): Node {
  return {
    name,
    runtime: "containerd",
    connection: { kind: "kind-cluster", name },
    restart: false,
    takeOver: false,
    verify: "ping",
    generation: "",
  };
}

/**
 * The machines behind a node: a kind cluster stands for the containers that are its nodes now, any other node for itself.
 * Throws the error of `kind` if the cluster does not exist.
 */
export function machinesOf({ node, isOfVariant }: StackNode, kind = kindNodes): NamedNode[] {
  const { name, connection, runtime, hostsEntry, restart, takeOver, verify, generation } = node;
  const common = { runtime, hostsEntry, restart, takeOver, verify };
  if (connection.kind !== "kind-cluster")
    return [{ name, node, machine: { ...common, machine: name, connection, generation } }];
  return kind(connection.name).map((container) => ({
    name: isOfVariant ? container.name : `${name}-${container.name}`,
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

import { type KindNode, kindNodes, runDocker } from "../../../hosts/node-trust/kind-nodes.ts";

/** This program can do nothing else meanwhile. */
const limitMs = 3000;

/** The nodes of a kind cluster, from a Docker that answers within seconds. */
export function listedKindNodes(cluster: string): KindNode[] {
  return kindNodes(cluster, (args) => runDocker(args, limitMs));
}

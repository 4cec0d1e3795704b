import type { ApiServer } from "../../lab/cluster/api-server.ts";
import type { PulumiStack } from "../../lab/engine/pulumi-stack.ts";

/** What a cluster is told from others by. */
export function kubeSystemUid(cluster: Pick<ApiServer, "kubectl">): Promise<string> {
  return cluster.kubectl(["get", "namespace", "kube-system", "--output=jsonpath={.metadata.uid}"]);
}

/** Takes the step that a command names, which was refused because a context leads to another cluster. */
export async function forgetCluster(stack: PulumiStack, refused: Promise<unknown>): Promise<void> {
  const error: unknown = await refused.then(() => new Error("it was not refused"), Object);
  const steps = String(error).matchAll(/pulumi state delete --target-dependents '(urn:[^']+)'/g);
  const urns = new Set([...steps].map(([, urn = ""]) => urn));
  if (urns.size === 0) throw error;
  for (const urn of urns) await stack.forget(urn);
}

/** Brings a stack to a cluster that took the place of its own; takes the step that is named for each of its contexts. */
export async function upInNewCluster(stack: PulumiStack): Promise<void> {
  await forgetCluster(stack, stack.up());
  await stack.up().catch((error) => forgetCluster(stack, Promise.reject(error)).then(() => stack.up()));
}

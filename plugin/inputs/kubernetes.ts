import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import type { Problem } from "../../settings/errors/problems.ts";
import { parseWithProblems } from "../../settings/errors/zod-problems.ts";

/** The cluster that a component creates objects in. */
export const Kubernetes = z
  .strictObject({
    context: z
      .string()
      .min(1, "a context of the kubeconfig, as in kind-dev")
      .optional()
      .describe("A context of the kubeconfig, as kubectl names it; the kubeconfig's current one unless given"),
    kubeconfig: z
      .string()
      .min(1, "text or path of a kubeconfig")
      .optional()
      .describe("Text or path of the kubeconfig; KUBECONFIG or ~/.kube/config unless given")
      .meta({ secret: true }),
    deleteUnreachable: z
      .boolean()
      .default(false)
      .describe("Whether destroy and refresh remove the objects of an unreachable cluster from the state"),
  })
  .refine(({ context, kubeconfig }) => context !== undefined || kubeconfig !== undefined, {
    path: ["context"],
    error: "missing: names the cluster, as kubectl does; or give kubeconfig",
  })
  .describe(
    "The cluster, which one of context and kubeconfig has to name: kubectl's current context may be another one tomorrow",
  );

export type Kubernetes = z.output<typeof Kubernetes>;

/** The cluster of a component. */
export function createCluster(name: string, kubernetes: Kubernetes, parent: pulumi.Resource): KubernetesCluster {
  const nameContext = "set the input kubernetes.context";
  return new KubernetesCluster(`${name}-cluster`, { ...kubernetes, nameContext }, { parent });
}

/** Checks a component's input `kubernetes`. */
export function checkKubernetes(kubernetes: unknown): { kubernetes?: Kubernetes; problems: Problem[] } {
  const { value, problems } = parseWithProblems(z.strictObject({ kubernetes: Kubernetes }), { kubernetes });
  return { kubernetes: value?.kubernetes, problems };
}

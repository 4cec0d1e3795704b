import * as pulumi from "@pulumi/pulumi";
import { describePods, type FailedPull, failedPulls, podsOf } from "../hosts/cluster/image-pulls.ts";
import { kubectlProblem, type PodSelection } from "../hosts/cluster/run-kubectl.ts";
import type { KubernetesAccess, KubernetesCluster } from "./kubernetes-cluster.ts";

/**
 * An error hook for Deployments and DaemonSets: when one does not become ready, it prints which pod cannot pull which
 * image, which the provider's error leaves out. `key` is the stack file's key for the image, as in `variant.images`.
 */
export function imagePullErrors(
  name: string,
  key: string,
  { access }: KubernetesCluster,
): Pick<pulumi.CustomResourceOptions, "hooks"> {
  const hook = new pulumi.ErrorHook(`${name}-image-pulls`, async ({ failedOperation, newInputs, errors }) => {
    const pods = podSelection(newInputs);
    if (failedOperation !== "delete" && pods && errors.some(isNotReady))
      for (const text of await pullErrors(key, access, pods)) await pulumi.log.error(text);
    return false;
  });
  return { hooks: { onError: [hook] } };
}

/**
 * One message for each image that cannot be pulled. If this machine cannot read the cluster's pods, the only message is
 * a kubectl command that shows them.
 */
export async function pullErrors(
  key: string,
  { context, pinned }: Pick<KubernetesAccess, "context" | "pinned">,
  pods: PodSelection,
): Promise<string[]> {
  try {
    const failed = failedPulls(await podsOf(pinned, pods));
    const images = new Set(failed.map(({ image }) => image));
    const of = (image: string) => failed.filter((each) => each.image === image);
    return [...images].map((image) => pullError(key, pods.namespace, image, of(image)));
  } catch (error) {
    return [
      `see what the pods wait for: ${describePods(context, pods)} (asking it here failed: ${kubectlProblem(error)})`,
    ];
  }
}

/**
 * The message for one image. It names three pods at most, since the pods of a DaemonSet mostly have the same problem.
 */
function pullError(key: string, namespace: string, image: string, failed: readonly FailedPull[]): string {
  const [{ reason } = { reason: "" }] = failed;
  const some = failed.slice(0, 3).map(({ pod, node }) => `${namespace}/${pod} on node ${node || "unknown"}`);
  const more = failed.length > some.length ? ` and ${failed.length - some.length} more` : "";
  return `pod ${some.join(", ")}${more} cannot pull ${image} (${reason}). Check that the image exists and that the node reaches its registry (on the node: crictl pull ${image}), or name another image in ${key}; then run pulumi up again`;
}

/** Whether an error says that a rollout timed out. Other errors, such as a conflict, have nothing to do with pods. */
function isNotReady(error: string): boolean {
  return /failed to fully initialize|timed out|failed to initialize/.test(error);
}

function podSelection(inputs: unknown): PodSelection | undefined {
  const { metadata, spec } = Object(inputs);
  const { namespace } = Object(metadata);
  const { matchLabels: labels } = Object(Object(spec).selector);
  return namespace && labels ? { namespace, labels } : undefined;
}

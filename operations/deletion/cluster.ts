import { KubectlError, openKubectl } from "../kubectl.ts";
import type { LiveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { type RunningImage, runningImages } from "./pods.ts";

/** What the pods and CronJobs of the stack's cluster run; undefined if the stack names no cluster. */
export async function clusterImages(
  stack: Pick<LiveStack, "kubernetes" | "settings">,
): Promise<RunningImage[] | undefined> {
  await using kubectl = await openKubectl(stack);
  if (kubectl === undefined) return undefined;
  try {
    const command = ["get", "pods,cronjobs.batch", "--all-namespaces", "--output=json", "--request-timeout=60s"];
    return runningImages(JSON.parse(await kubectl.run(command)));
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    throw new OperationError(
      `what the pods of context ${kubectl.context} run is not known: ${error.message}. Run this where kubectl may list pods and cronjobs of all namespaces, or, if no pod runs images of this registry, with --no-pods`,
    );
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { bringFiles, bringSeconds, type MountedFiles } from "../../hosts/cluster/mounted-files.ts";
import { kubectlProblem, withKubectl } from "../../hosts/cluster/run-kubectl.ts";
import { names, podLabels } from "../../render/cluster-registry/names.ts";
import { secondsBetweenLooks } from "../../render/cluster-registry/proxy.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";

/**
 * A hook for an object that the running proxies mount: its update ends once each of them has the changed files, so
 * whoever depends on the object, as a consumer with a new password does, comes after that. A failure is a warning,
 * since the kubelets bring the files by themselves later.
 */
export function promptUpdate(
  name: string,
  files: pulumi.Output<MountedFiles>,
  { access }: KubernetesCluster,
): Pick<pulumi.CustomResourceOptions, "hooks"> {
  const hook = new pulumi.ResourceHook(`${name}-in-pods`, async ({ newInputs }) => {
    const { namespace } = Object(Object(newInputs).metadata);
    const problem = await bring(access.pinned, namespace, await known(files));
    if (problem !== undefined) await pulumi.log.warn(notYet(problem, access.context, namespace));
  });
  return { hooks: { afterUpdate: [hook] } };
}

/** Returns what went wrong, if anything did. */
async function bring(kubeconfig: string, namespace: string, files: MountedFiles): Promise<string | undefined> {
  const pods = { namespace, labels: podLabels, container: "proxy" };
  try {
    const lacking = await withKubectl(kubeconfig, (kubectl) => bringFiles(kubectl, pods, files));
    if (lacking.length > 0) return `pod ${lacking.join(", ")} had the old ones ${bringSeconds} s later`;
    // The proxy looks that often, and takes a moment to load what it finds.
    await sleep((secondsBetweenLooks + 1) * 1000);
    return undefined;
  } catch (error) {
    return kubectlProblem(error);
  }
}

function notYet(problem: string, context: string, namespace: string): string {
  const restart = `kubectl --context ${context} --namespace ${namespace} rollout restart deployment/${names.deployment}`;
  return `the changed accounts are not in force in every pod yet (${problem}). The kubelets bring them within 90 s; at once: ${restart}`;
}

/** The value of an output that is known by now. */
function known<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => output.apply((value) => resolve(value as Value)));
}

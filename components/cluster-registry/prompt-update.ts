import * as pulumi from "@pulumi/pulumi";
import { bringAccounts } from "../../hosts/cluster/accounts-in-pods.ts";
import type { MountedFiles } from "../../hosts/cluster/mounted-files.ts";
import { kubectlProblem, withKubectl } from "../../hosts/cluster/run-kubectl.ts";
import { names } from "../../render/cluster-registry/names.ts";
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
  try {
    return await withKubectl(kubeconfig, (kubectl) => bringAccounts(kubectl, namespace, files));
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

import { shellWord } from "../shell.ts";
import { listPods, type PodSelection, selecting, withKubectl } from "./run-kubectl.ts";

/** A container that waits for an image that its node cannot pull. */
export type FailedPull = { pod: string; node: string; image: string; reason: string };

/** The fields of `kubectl get pods --output json` that this file reads. */
export type PodList = {
  items: {
    metadata: { name: string };
    spec: { nodeName?: string; containers: NamedImage[]; initContainers?: NamedImage[] };
    status?: { containerStatuses?: ContainerStatus[]; initContainerStatuses?: ContainerStatus[] };
  }[];
};
type NamedImage = { name: string; image: string };
type ContainerStatus = { name: string; state?: { waiting?: { reason?: string; message?: string } } };

/** @see kubernetes: pkg/kubelet/images/types.go */
const pullFailures = [
  ...["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"],
  ...["ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed"],
];

/** Lists every container that waits for an image that its node cannot pull. */
export function failedPulls({ items }: PodList): FailedPull[] {
  return items.flatMap(({ metadata, spec, status = {} }) => {
    const images = [...(spec.initContainers ?? []), ...spec.containers];
    const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    return statuses.flatMap(({ name, state }) => {
      const { reason = "", message = "" } = state?.waiting ?? {};
      if (!pullFailures.includes(reason)) return [];
      const image = images.find((each) => each.name === name)?.image ?? "";
      const said = message === "" ? reason : `${reason}: ${message}`;
      return [{ pod: metadata.name, node: spec.nodeName ?? "", image, reason: said }];
    });
  });
}

/** The kubectl command that a person runs to see what the pods wait for. */
export function describePods(context: string, pods: PodSelection): string {
  return ["kubectl", "--context", context, "describe", "pods", ...selecting(pods)].map(shellWord).join(" ");
}

/** Lists pods with kubectl. Throws if kubectl cannot run or the cluster does not answer. */
export async function podsOf(kubeconfig: string, pods: PodSelection): Promise<PodList> {
  return withKubectl(kubeconfig, (kubectl) => listPods<PodList>(kubectl, pods));
}

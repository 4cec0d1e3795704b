import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { shellWord } from "../shell.ts";

/** Selects the pods of one workload by namespace and labels. */
export type PodSelection = { namespace: string; labels: Record<string, string> };

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
export function describePods(context: string, { namespace, labels }: PodSelection): string {
  const words = ["--context", context, "describe", "pods", "--namespace", namespace, "--selector", selector(labels)];
  return ["kubectl", ...words.map(shellWord)].join(" ");
}

/** Lists pods with kubectl. Throws if kubectl cannot run or the cluster does not answer. */
export async function podsOf(kubeconfig: string, { namespace, labels }: PodSelection): Promise<PodList> {
  // Only this user may read the folder that mkdtemp creates. The kubeconfig in it holds credentials.
  const folder = await mkdtemp(join(tmpdir(), "container-registry-"));
  const file = join(folder, "kubeconfig");
  try {
    await writeFile(file, kubeconfig, { mode: 0o600 });
    const selected = ["--namespace", namespace, "--selector", selector(labels), "--output", "json"];
    const args = ["--kubeconfig", file, "--request-timeout", "30s", "get", "pods", ...selected];
    const { stdout } = await promisify(execFile)("kubectl", args, { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function selector(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

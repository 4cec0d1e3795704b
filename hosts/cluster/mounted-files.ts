import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Kubectl, listPods, type PodSelection } from "./run-kubectl.ts";

/** Files of a ConfigMap or Secret that pods mount: the text of each, by its path in the container. */
export type MountedFiles = Record<string, string>;

export type MountingPods = PodSelection & { container: string };

/** Kubelets look at this annotation only to see that the pod has changed. */
const annotation = "container-registry/mounted";

/**
 * Has the kubelets bring changed files to running pods now. By themselves they do so within 90 s, but they look at once
 * at a pod that has changed, so each gets an annotation. Returns the names of the pods that lack the files when the time
 * of `seconds` is over; it looks every `pause` seconds.
 */
export async function bringFiles(
  kubectl: Kubectl,
  pods: MountingPods,
  files: MountedFiles,
  { seconds, pause }: { seconds: number; pause: number },
): Promise<string[]> {
  const expected = Object.entries(files).map(([path, text]) => `${hash(text)}  ${path}`);
  const deadline = Date.now() + seconds * 1000;
  let lacking = await podsThatLack(kubectl, pods, expected);
  while (lacking.length > 0 && Date.now() < deadline) {
    // Again each time: a kubelet may look before it has heard of the change.
    const names = lacking.map((name) => `pod/${name}`);
    await kubectl("annotate", "--overwrite", "--namespace", pods.namespace, ...names, `${annotation}=${Date.now()}`);
    await sleep(pause * 1000);
    lacking = await podsThatLack(kubectl, pods, expected);
  }
  return lacking;
}

async function podsThatLack(kubectl: Kubectl, pods: MountingPods, expected: readonly string[]): Promise<string[]> {
  const names = await runningPods(kubectl, pods);
  const lines = await Promise.all(names.map((name) => checksums(kubectl, pods, name, expected)));
  return names.filter((_, index) => expected.some((each) => !lines[index]?.includes(each)));
}

/** The pods whose container runs. Those that start later mount the files as they are then. */
async function runningPods(kubectl: Kubectl, pods: MountingPods): Promise<string[]> {
  const { items } = await listPods<PodList>(kubectl, pods);
  return items
    .filter(({ metadata, status }) => {
      const running = status?.containerStatuses?.find(({ name }) => name === pods.container)?.state?.running;
      return running !== undefined && metadata.deletionTimestamp === undefined;
    })
    .map(({ metadata }) => metadata.name);
}

type PodList = {
  items: {
    metadata: { name: string; deletionTimestamp?: string };
    status?: { containerStatuses?: { name: string; state?: { running?: object } }[] };
  }[];
};

async function checksums(
  kubectl: Kubectl,
  { namespace, container }: MountingPods,
  pod: string,
  expected: readonly string[],
): Promise<string[]> {
  const paths = expected.map((line) => line.slice(line.indexOf("/")));
  const output = await kubectl(
    "exec",
    pod,
    "--namespace",
    namespace,
    "--container",
    container,
    "--",
    "sha256sum",
    ...paths,
  );
  return output.split("\n");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

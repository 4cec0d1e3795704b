import { ensureImages, type ImageSet, imageArchive } from "../images/image-set.ts";
import { machineImage } from "../images/machine-image.ts";
import { kubernetes, kubernetesPrograms } from "./kubernetes.ts";
import { containerd, coredns, crictl, traefik } from "./programs.ts";

const node: ImageSet<"node"> = {
  name: "node",
  targets: ["node"],
  files: ["node"],
  binaries: [...containerd, crictl, ...kubernetesPrograms.map(kubernetes)],
  base: () => machineImage("bare"),
};

const pod: ImageSet<"pod"> = { name: "pod", targets: ["pod"], files: [], binaries: [] };

const system: ImageSet<"system"> = {
  name: "system",
  targets: ["system"],
  files: [],
  binaries: [coredns, traefik],
  base: async () => (await ensureImages(pod)).pod,
};

/** An image for pods: `pod` contains a shell and curl, `system` contains CoreDNS and Traefik. */
export type PodImage = "pod" | "system";

/** Builds all images of a cluster, which takes minutes with empty caches. */
export async function clusterImages(): Promise<void> {
  await nodeImage();
  await podImage("system");
}

/** Builds the image of nodes, unless it exists, and returns its tag. */
export async function nodeImage(): Promise<string> {
  return (await ensureImages(node)).node;
}

/** An image for the cluster's pods: its tag in the Docker daemon that runs the lab, and the path of its archive. */
export async function podImage(name: PodImage): Promise<{ tag: string; archive: string }> {
  return name === "pod"
    ? { tag: (await ensureImages(pod)).pod, archive: await imageArchive(pod) }
    : { tag: (await ensureImages(system)).system, archive: await imageArchive(system) };
}

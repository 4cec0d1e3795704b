import { docker, label } from "../docker/docker.ts";
import { addonsLabel } from "./addons.ts";

export type Role = "control-plane" | "worker";

export type NodeContainer = {
  name: string;
  role: Role;
  running: boolean;
  image: string;
  /** The version of the cluster's addons. Only the control plane's container has it. */
  addons: string;
};

const clusterLabel = "io.x-k8s.kind.cluster";
const roleLabel = "io.x-k8s.kind.role";

/** The labels by which kind finds the nodes of a cluster. */
export function kindLabels(cluster: string, role: Role): Record<string, string> {
  return { [clusterLabel]: cluster, [roleLabel]: role };
}

/** The node containers of a lab cluster, running or not. Those of a real kind cluster lack the lab's label and are left out. */
export async function nodeContainers(cluster: string): Promise<NodeContainer[]> {
  const format = `{{.Names}} {{.Label "${roleLabel}"}} {{.State}} {{.Image}} {{.Label "${addonsLabel}"}}`;
  const filter = ["--filter", `label=${clusterLabel}=${cluster}`, "--filter", `label=${label}`];
  const lines = await docker(["container", "ls", "--all", ...filter, "--format", format]);
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", role = "", state = "", image = "", addons = ""] = line.split(" ");
      return { name, role: role as Role, running: state === "running", image, addons };
    });
}

/** The first free worker name: `<cluster>-worker`, `<cluster>-worker2` and so on, as kind's. */
export function freeWorkerName(cluster: string, taken: readonly string[]): string {
  const names = Array.from(
    { length: taken.length + 1 },
    (_, index) => `${cluster}-worker${index === 0 ? "" : index + 1}`,
  );
  return names.find((name) => !taken.includes(name)) ?? `${cluster}-worker${taken.length + 2}`;
}

export function controlPlaneName(cluster: string): string {
  return `${cluster}-control-plane`;
}

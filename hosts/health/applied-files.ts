import type { Runtime } from "../../settings/nodes.ts";
import { shellFiles, shellWord } from "../shell.ts";

const here = new URL("./", import.meta.url);

/**
 * The script that compares what a bundle's last apply wrote on its machine with what is there. `folders`: as in `registry`, or
 * patterns where each stack has a folder of its own and the stack's id is not known.
 */
export function appliedFilesScript(...folders: string[]): string {
  return script({ folders: folders.join(" ") }, ["applied-files"]);
}

export type NodeHealthScript = {
  /** The bundle's folder on the node. */
  folder: string;
  runtime: Runtime;
  /** The registry's name without its port. */
  registryName: string;
  /** The registry's URLs for this node, separated by spaces. */
  registryUrls: string;
  hostsEntry?: string | undefined;
  /** The CA's path, which may begin with a word for a directory; empty without a CA. */
  caFile: string;
  /** The image to pull; empty for none. */
  probeImage: string;
};

/** The same for a node, which also asks the registry as its runtime does. */
export function nodeHealthScript(node: NodeHealthScript): string {
  const variables = {
    folders: node.folder,
    runtime: node.runtime,
    registry_name: node.registryName,
    registry_urls: node.registryUrls,
    hosts_entry: node.hostsEntry ?? "",
    ca_file: node.caFile,
    probe_image: node.probeImage,
    units: units[node.runtime].join(" "),
  };
  return script(variables, ["applied-files", "node"]);
}

/** The systemd units of each runtime, of which a node may have one. */
const units: Record<Runtime, readonly string[]> = {
  containerd: ["containerd.service"],
  docker: ["docker.service"],
  "cri-o": ["crio.service"],
  microk8s: ["snap.microk8s.daemon-containerd.service"],
  k3s: ["k3s.service", "k3s-agent.service"],
  rke2: ["rke2-server.service", "rke2-agent.service"],
};

function script(variables: Record<string, string>, names: readonly string[]): string {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}\n`);
  return `${assignments.join("")}${shellFiles(here, names)}exit 0\n`;
}

import { storageName } from "../render/hybrid-registry/containers.ts";
import { type Docker, runDocker } from "./kind-nodes.ts";

export type HybridPlace = {
  /** The gate's container; the storage's is named after it. */
  name: string;
  /** The Docker network of the cluster's nodes. */
  network: string;
};

/**
 * What is amiss with the containers, as in `hostk8s-registry is exited`; nothing while both run, and the gate is in the
 * nodes' network.
 */
export function amiss({ name, network }: HybridPlace, docker: Docker = runDocker): string | undefined {
  const columns = "{{.Names}}\t{{.State}}\t{{.Networks}}";
  const containers = docker(["ps", "--all", "--filter", `name=${name}`, "--format", columns])
    .split("\n")
    .map((line) => line.split("\t"));
  for (const each of [name, storageName(name)]) {
    const [, state, networks = ""] = containers.find(([found]) => found === each) ?? [];
    if (state === undefined) return `${each} is not there`;
    if (state !== "running") return `${each} is ${state}`;
    if (each === name && !networks.split(",").includes(network)) return `${each} is not in the network ${network}`;
  }
  return undefined;
}

/** The gate's address in the nodes' network. Docker may give it another one with each start. */
export function addressOf({ name, network }: HybridPlace, docker: Docker = runDocker): string {
  const format = `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}}{{end}}`;
  const address = docker(["container", "inspect", "--format", format, name]).trim();
  if (address === "")
    throw new Error(`the container ${name} has no address in the network ${network}; see: docker logs ${name}`);
  return address;
}

import { storageName } from "../../render/hybrid-registry/containers.ts";
import { type Docker, runDocker } from "../node-trust/kind-nodes.ts";

export type HybridTarget = {
  /** Name of the proxy's container. The name of the storage's container is derived from it. */
  name: string;
  /** The Docker network of the cluster's nodes. */
  network: string;
};

/**
 * The first problem of the containers, as in `hostk8s-registry is exited`. Undefined if both containers run and the
 * proxy's container is in the network of the cluster's nodes.
 */
export function containerProblem({ name, network }: HybridTarget, docker: Docker = runDocker): string | undefined {
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

/** The proxy's address in the nodes' network: IPv4 if it has one, else IPv6. It may change with each start. */
export function addressOf({ name, network }: HybridTarget, docker: Docker = runDocker): string {
  const format = `{{with index .NetworkSettings.Networks "${network}"}}{{or .IPAddress .GlobalIPv6Address}}{{end}}`;
  const address = docker(["container", "inspect", "--format", format, name]).trim();
  if (address === "")
    throw new Error(`the container ${name} has no address in the network ${network}; see: docker logs ${name}`);
  return address;
}

/** The subnets of a Docker network, as in `172.18.0.0/16`: every address that its containers may have. */
export function subnetsOf(network: string, docker: Docker = runDocker): string[] {
  const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
  const subnets = docker(["network", "inspect", "--format", format, network]).split(/\s+/).filter(Boolean);
  if (subnets.length === 0)
    throw new Error(
      `the Docker network ${network} has no subnet; correct variant.network, as docker network ls lists it`,
    );
  return subnets;
}

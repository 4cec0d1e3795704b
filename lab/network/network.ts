import { docker, dockerSays, label } from "../docker/docker.ts";
import { LabError } from "../lab-error.ts";
import { subnet, subnetPrefix } from "./subnet.ts";

export const network = "container-registry-lab";

/** Addresses that never change, in the lab's network. */
export const addresses = {
  dns: `${subnetPrefix}2`,
  acme: `${subnetPrefix}3`,
  host: `${subnetPrefix}10`,
  client: `${subnetPrefix}11`,
} as const;

/** The Docker network of kind's nodes. If a real kind created it already, the lab uses it and never removes it. */
export const kindNetwork = "kind";

const poolSize = 8;

/** How many clusters there can be: each needs a pool of addresses for its load balancers. */
export const pools = 8;

/** Addresses for a cluster's Services of type LoadBalancer, between the fixed addresses and those of machines. */
export function loadBalancerPool(index: number): string[] {
  return Array.from({ length: poolSize }, (_, each) => `${subnetPrefix}${64 + index * poolSize + each}`);
}

export async function ensureKindNetwork(): Promise<void> {
  if (!(await dockerSays(["network", "inspect", kindNetwork])))
    await docker(["network", "create", "--label", label, kindNetwork]);
}

/** Creates the Docker network that all containers of the lab share. */
export async function ensureNetwork(): Promise<void> {
  if (await dockerSays(["network", "inspect", network])) return;
  const range = ["--subnet", subnet, "--ip-range", `${subnetPrefix}128/25`, "--label", label];
  await docker(["network", "create", ...range, network]).catch((error: Error) => {
    throw new LabError(
      `Docker could not create the lab's network ${subnet}; check whether another network uses that range (docker network ls, ip route): ${error.message}`,
    );
  });
}

/** The subnets of one of Docker's networks, in CIDR notation. */
export async function rangesOf(name: string): Promise<string[]> {
  const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
  return (await docker(["network", "inspect", "--format", format, name])).trim().split(" ");
}

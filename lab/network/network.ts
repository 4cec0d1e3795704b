import { docker, dockerSays, label } from "../docker/docker.ts";
import { LabError } from "../lab-error.ts";

export const network = "container-registry-lab";

/** Machines of tests get theirs from the upper half. */
const subnet = "172.30.77.0/24";

/** What is always found at the same place. */
export const addresses = {
  dns: "172.30.77.2",
  acme: "172.30.77.3",
  host: "172.30.77.10",
  client: "172.30.77.11",
  minio: "172.30.77.12",
} as const;

/** Where kind puts its nodes. One that is there already, of a real kind, does as well, and stays. */
export const kindNetwork = "kind";

const poolSize = 8;

/** How many clusters find addresses for their load balancers. */
export const pools = 8;

/** What a cluster's Services of type LoadBalancer get, between the fixed addresses and those of machines. */
export function loadBalancerPool(index: number): string[] {
  return Array.from({ length: poolSize }, (_, each) => `172.30.77.${64 + index * poolSize + each}`);
}

export async function ensureKindNetwork(): Promise<void> {
  if (!(await dockerSays(["network", "inspect", kindNetwork])))
    await docker(["network", "create", "--label", label, kindNetwork]);
}

/** The bridge on which everything of the lab talks. */
export async function ensureNetwork(): Promise<void> {
  if (await dockerSays(["network", "inspect", network])) return;
  const range = ["--subnet", subnet, "--ip-range", "172.30.77.128/25", "--label", label];
  await docker(["network", "create", ...range, network]).catch((error: Error) => {
    throw new LabError(`the lab's network ${subnet} can't be made; does another one use that range? ${error.message}`);
  });
}

/** The ranges of one of Docker's networks, in CIDR notation. */
export async function rangesOf(name: string): Promise<string[]> {
  const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
  return (await docker(["network", "inspect", "--format", format, name])).trim().split(" ");
}

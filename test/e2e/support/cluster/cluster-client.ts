import type { Cluster } from "../../../../lab/cluster/cluster.ts";
import { type Machine, startMachine } from "../../../../lab/hosts/machine.ts";
import { kindNetwork } from "../../../../lab/network/network.ts";

/** Where the lab's clusters have the addresses of their Services. */
const serviceNetwork = "10.96.0.0/12";

/** A machine with every client, which reaches a cluster's Services by their own addresses, as its nodes do. */
export async function startClusterClient(name: string, { controlPlane }: Cluster): Promise<Machine> {
  const machine = await startMachine({ name, kind: "client", networks: [kindNetwork] });
  await machine.run('ip route replace "$1" via "$2"', { args: [serviceNetwork, controlPlane.nodeAddress] });
  return machine;
}

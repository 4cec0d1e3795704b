import type { Cluster } from "../../../../lab/cluster/cluster.ts";
import { type Machine, startMachine } from "../../../../lab/hosts/machine.ts";
import { kindNetwork } from "../../../../lab/network/network.ts";

/** The network with the cluster IPs of Services, in the lab's clusters. */
const serviceNetwork = "10.96.0.0/12";

/**
 * Starts a machine with every client that can connect to the cluster IPs of a cluster's Services, as the cluster's nodes
 * can.
 */
export async function startClusterClient(name: string, { controlPlane }: Cluster): Promise<Machine> {
  const machine = await startMachine({ name, kind: "client", networks: [kindNetwork] });
  await machine.run('ip route replace "$1" via "$2"', { args: [serviceNetwork, controlPlane.nodeAddress] });
  return machine;
}

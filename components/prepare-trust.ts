import type * as pulumi from "@pulumi/pulumi";
import { trustingNodes } from "../hosts/node-trust/trusting-nodes.ts";
import type { Owner } from "../settings/owner.ts";
import type { Secrets } from "../settings/secrets/secrets.ts";
import type { Settings } from "../settings/settings.ts";
import type { LazyCluster } from "./lazy-cluster.ts";
import { trustMachines } from "./nodes/trust-machines.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";

/** Makes every node of the stack trust the registry: machines by commands on them, a cluster's nodes by a DaemonSet. */
export type TrustRegistry = (args: {
  secrets: Secrets;
  endpoint: RegistryEndpoint;
  owner: pulumi.Input<Owner>;
}) => void;

/** Looks up the stack's machines, and gets the cluster if the stack file asks for a DaemonSet. */
export async function prepareTrust(settings: Settings, cluster: LazyCluster): Promise<TrustRegistry> {
  const machines = trustingNodes(settings);
  const createDaemonSet = await prepareDaemonSet(settings, cluster);
  return ({ secrets, endpoint, owner }) => {
    trustMachines(machines, settings, secrets, { endpoint, owner, cluster });
    createDaemonSet?.(endpoint, owner);
  };
}

async function prepareDaemonSet({ nodeDaemonSet: daemonSet, takeOverFrom }: Settings, cluster: LazyCluster) {
  if (daemonSet === undefined) return undefined;
  const { NodeDaemonSet } = await import("./nodes/node-daemon-set.ts");
  const common = { daemonSet, takeOverFrom, cluster: cluster.get() };
  return (endpoint: RegistryEndpoint, owner: pulumi.Input<Owner>) =>
    new NodeDaemonSet("node-daemon-set", { ...common, endpoint, owner });
}

import * as pulumi from "@pulumi/pulumi";
import type { NamedNode } from "../../hosts/node-trust/node-machines.ts";
import { probeImage } from "../../settings/formats/image-reference.ts";
import { type Node, runtimesWithRegistriesYaml } from "../../settings/nodes.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Secrets } from "../../settings/secrets/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import { accountCredentials } from "../account-credentials.ts";
import { KubernetesCluster, kindCluster } from "../kubernetes-cluster.ts";
import type { LazyCluster } from "../lazy-cluster.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";
import { FailureBarrier } from "./failure-barrier.ts";
import { LocalRegistryHosting } from "./local-registry-hosting.ts";
import { NodeTrust } from "./node-trust.ts";

type TrustMachinesArgs = {
  endpoint: RegistryEndpoint;
  owner: pulumi.Input<Owner>;
  /** The cluster of variant hybrid, whose nodes the stack file does not list. */
  cluster: LazyCluster;
};

/**
 * Makes every machine that is a node of the stack trust the registry. Nodes that restart do so one after another, in
 * the stack file's order, and the restarts stop at the first failure. All other nodes are independent of each other.
 */
export function trustMachines(
  machines: readonly NamedNode[],
  settings: Settings,
  { sshPrivateKey }: Secrets,
  { endpoint, owner, cluster }: TrustMachinesArgs,
): NodeTrust[] {
  for (const node of new Set(machines.map(({ node }) => node)))
    announceRegistry(node, settings.nodes.includes(node) ? undefined : cluster, endpoint);
  if (machines.length === 0) return [];

  const failureBarrier = new FailureBarrier("container-registry-nodes");
  let restartedBefore: NodeTrust | undefined;
  return machines.map(({ name, node, machine }) => {
    const restarts = machine.restart && runtimesWithRegistriesYaml.includes(machine.runtime);
    const after = restarts ? restartedBefore : undefined;
    const trust = new NodeTrust(name, {
      node: machine,
      owner,
      endpoint,
      probeImage: endpoint.host.apply((host) => probeImage({ ...settings.containerRegistry, host })),
      credentials: credentials(node, settings, endpoint),
      sshPrivateKey,
      after,
      hooks: failureBarrier.hooks,
    });
    failureBarrier.add(trust.commandName, trust.summary, after?.commandName);
    if (restarts) restartedBefore = trust;
    return trust;
  });
}

/** Writes the registry's address into a kind cluster, for development tools. `own` is the cluster of variant hybrid. */
function announceRegistry(
  { name, connection, hostsEntry }: Node,
  own: LazyCluster | undefined,
  { host, nodeUrls }: RegistryEndpoint,
): void {
  if (connection.kind !== "kind-cluster") return;
  const cluster = own?.get() ?? new KubernetesCluster(name, kindCluster(connection.name));
  const hosting = pulumi.output({ host, nodeUrls, resolvesInPods: hostsEntry === undefined });
  new LocalRegistryHosting(name, { cluster, hosting });
}

/**
 * The credentials in the node's runtime configuration: those of the node's account, or those of an existing registry
 * that requires a login for pulls. Undefined if the configuration needs none.
 */
function credentials({ runtime, account }: Node, { variant, containerRegistry }: Settings, endpoint: RegistryEndpoint) {
  if (account !== undefined) return accountCredentials(endpoint, account);
  if (variant.kind !== "existing" || !containerRegistry.requiresAuthForPull) return undefined;
  return runtimesWithRegistriesYaml.includes(runtime) ? accountCredentials(endpoint, undefined) : undefined;
}

import * as pulumi from "@pulumi/pulumi";
import type { NamedNode } from "../../hosts/node-trust/trusting-nodes.ts";
import { probeImage } from "../../settings/image-reference.ts";
import { type Node, runtimesWithRegistriesYaml } from "../../settings/nodes.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Secrets } from "../../settings/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import { accountCredentials } from "../account-credentials.ts";
import { KubernetesCluster, kindCluster } from "../kubernetes-cluster.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";
import { OthersFirst } from "./failure-barrier.ts";
import { LocalRegistryHosting } from "./local-registry-hosting.ts";
import { NodeTrust } from "./node-trust.ts";

/**
 * Makes every machine that is a node of the stack trust the registry. Nodes that restart do so one after another, in the stack
 * file's order, and stop at the first failure; no other node waits for another, or fails with it. `cluster` is whose nodes
 * are not listed.
 */
export function nodes(
  machines: readonly NamedNode[],
  settings: Settings,
  { sshPrivateKey }: Secrets,
  { endpoint, owner, cluster }: { endpoint: RegistryEndpoint; owner: pulumi.Input<Owner>; cluster?: KubernetesCluster },
): NodeTrust[] {
  for (const node of new Set(machines.map(({ node }) => node)))
    announce(node, endpoint, settings.nodes.includes(node) ? undefined : cluster);
  if (machines.length === 0) return [];

  const othersFirst = new OthersFirst("container-registry-nodes");
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
      hooks: othersFirst.hooks,
    });
    othersFirst.add(trust.commandName, trust.summary, after?.commandName);
    if (restarts) restartedBefore = trust;
    return trust;
  });
}

/** Tools that develop against a kind cluster look into it for its registry. */
function announce(
  { name, connection, hostsEntry }: Node,
  { host, nodeUrls }: RegistryEndpoint,
  known?: KubernetesCluster,
): void {
  if (connection.kind !== "kind-cluster") return;
  const cluster = known ?? new KubernetesCluster(name, kindCluster(connection.name));
  const hosting = pulumi.output({ host, nodeUrls, resolvesInPods: hostsEntry === undefined });
  new LocalRegistryHosting(name, { cluster, hosting });
}

/** Whose credentials the node's runtime holds: an account's, or those of an existing registry that asks for them. */
function credentials({ runtime, account }: Node, { variant, containerRegistry }: Settings, endpoint: RegistryEndpoint) {
  if (account !== undefined) return accountCredentials(endpoint, account);
  if (variant.kind !== "existing" || !containerRegistry.requiresAuthForPull) return undefined;
  return runtimesWithRegistriesYaml.includes(runtime) ? accountCredentials(endpoint, undefined) : undefined;
}

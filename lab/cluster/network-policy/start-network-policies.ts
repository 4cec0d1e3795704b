import { setTimeout as sleep } from "node:timers/promises";
import { accessFrom } from "../../pulumi-fakes/kubernetes/api/kubeconfig.ts";
import { transport } from "../../pulumi-fakes/kubernetes/api/transport.ts";
import type { Cluster } from "../cluster.ts";
import { type NodeRules, startNodeRules } from "./node-rules.ts";
import { networkPolicyRules } from "./rules.ts";
import { networkView } from "./view.ts";

export type NetworkPoliciesOptions = {
  cluster: Cluster;
  /** The namespace whose policies are enforced. Policies of other namespaces have no effect. */
  namespace: string;
};

export interface NetworkPolicies extends AsyncDisposable {
  /** Waits until every node has the rules of the cluster's current policies and pods. */
  synced(): Promise<void>;
}

const lookEveryMs = 500;

/**
 * Starts a fake of a network plugin. It enforces ingress rules of networking.k8s.io/v1 NetworkPolicy, as the API reference
 * describes them, by iptables on each node.
 *
 * - A pod that no policy selects accepts all traffic. A pod that policies select accepts what any of their rules allows.
 * - `from` may have a namespaceSelector, a podSelector, both, or an ipBlock with `except`; without `from`, everybody is allowed.
 *   Selectors match pods by their current addresses, except for pods that use their node's network.
 * - `ports` may have numbers or a container's port names, TCP or UDP; without `ports`, every port is allowed.
 * - Replies and existing connections are allowed. A pod may connect to itself, and a node to its own pods.
 * - The source address is the one that the pod's node sees: if another node forwarded traffic of a Service, it is that node's.
 * - Egress, matchExpressions, endPort and SCTP are errors that name the field. Packets that are not allowed are dropped.
 *
 * For about half a second, until the fake notices a new pod, that pod accepts all traffic. The rules are removed when the fake
 * is disposed of or this process ends.
 *
 * @example await using policies = await startNetworkPolicies({ cluster, namespace: "dso" })
 */
export async function startNetworkPolicies({ cluster, namespace }: NetworkPoliciesOptions): Promise<NetworkPolicies> {
  const call = transport(await accessFrom({ kubeconfig: cluster.kubeconfig }));
  const nodes = new Map<string, { rules: NodeRules; applied?: string }>();

  const follow = async () => {
    const view = await networkView(call, namespace);
    const members = [cluster.controlPlane, ...cluster.workers];
    await Promise.all(
      members.map(async ({ container }) => {
        const node = nodes.get(container) ?? { rules: startNodeRules(container) };
        nodes.set(container, node);
        const rules = networkPolicyRules(view, container);
        if (rules !== node.applied) await node.rules.replace(rules);
        node.applied = rules;
      }),
    );
  };

  const stop = new AbortController();
  const end = async () => {
    stop.abort();
    await Promise.all([...nodes.values()].map(({ rules }) => rules[Symbol.asyncDispose]()));
  };
  // Updates run one after the other, because two updates must not write to the same node in parallel.
  let last = follow();
  const synced = () => {
    last = last.then(follow);
    return last;
  };
  await last.catch(async (error) => {
    await end();
    throw error;
  });

  const watching = watch(synced, stop.signal);
  // The error is reported by `synced` and on disposal; until then it must not count as an unhandled rejection.
  watching.catch(() => {});
  return {
    synced,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await watching.finally(end);
    },
  };
}

async function watch(synced: () => Promise<void>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await synced();
    await sleep(lookEveryMs, undefined, { signal: stop }).catch(() => {});
  }
}

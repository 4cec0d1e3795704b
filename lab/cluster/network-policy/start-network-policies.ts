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
 * - A pod that no policy selects is open; one that some select admits what any of their rules does, and nothing else.
 * - `from` is a namespaceSelector, a podSelector, both, or an ipBlock with `except`; none of it means everybody. Pods count
 *   by the addresses they have now, those in their node's network do not.
 * - `ports` are numbers or a container's names for them, TCP or UDP; none of it means all.
 * - Replies pass, and what is connected already stays so. A pod reaches itself, a node its own pods.
 * - A source is judged as the pod's node sees it: where another node sent it on for a Service, it is that node.
 * - Egress, matchExpressions, endPort and SCTP are refused by name. Packets that are not admitted are dropped.
 *
 * A new pod is open until it is seen, some half a second. At the end, and with this process, the rules go.
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
  // One update at a time: two must not write to the same node in parallel.
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

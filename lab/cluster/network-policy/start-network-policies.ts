import { setTimeout as sleep } from "node:timers/promises";
import { accessFrom } from "../../pulumi-fakes/kubernetes/api/kubeconfig.ts";
import { transport } from "../../pulumi-fakes/kubernetes/api/transport.ts";
import type { Cluster } from "../cluster.ts";
import { type NodeRules, startNodeRules } from "./node-rules.ts";
import { networkPolicyRules } from "./rules.ts";
import { networkView } from "./view.ts";

export type NetworkPoliciesOptions = {
  cluster: Cluster;
  /** Whose policies are enforced; those of others stay words. */
  namespace: string;
};

export interface NetworkPolicies extends AsyncDisposable {
  /** Ends when every node has the rules of what the API server tells by now. */
  settled(): Promise<void>;
}

const lookEveryMs = 500;

/**
 * A fake for a network plugin that enforces policies, none of which can be had: it keeps to what the API's reference
 * says of networking.k8s.io/v1 NetworkPolicy, ingress, with the real iptables of each node.
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
  // One after the other: two would write to a node at once.
  let last = follow();
  const settled = () => {
    last = last.then(follow);
    return last;
  };
  await last.catch(async (error) => {
    await end();
    throw error;
  });

  const watching = watch(settled, stop.signal);
  // Told where it ends, and to who waits for it to settle.
  watching.catch(() => {});
  return {
    settled,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await watching.finally(end);
    },
  };
}

async function watch(settled: () => Promise<void>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await settled();
    await sleep(lookEveryMs, undefined, { signal: stop }).catch(() => {});
  }
}

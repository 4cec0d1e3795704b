import { networkWithout } from "./networks.ts";
import type { LabelSelector, Peer, Port } from "./spec.ts";
import type { Labels, Pod, View } from "./view.ts";

/** The iptables chain with a node's rules. All traffic that the node forwards passes through this chain. */
export const chain = "LAB-NETWORK-POLICY";

/**
 * The rules, as `iptables-restore --noflush` reads them, that decide who may connect to the pods on one node. They are in the
 * table `mangle`, because iptables checks that table before the rules with which kube-proxy accepts traffic. What the node itself
 * sends to its pods is not forwarded, so these rules do not apply to it.
 */
export function networkPolicyRules(view: View, node: string): string {
  const pods = view.pods.filter((pod) => pod.node === node && pod.namespace === view.namespace);
  const rules = ["-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN", ...pods.flatMap((pod) => rulesOf(pod, view))];
  return ["*mangle", `:${chain} - [0:0]`, ...rules.map((rule) => `-A ${chain} ${rule}`), "COMMIT", ""].join("\n");
}

/** The rules for one pod. A pod that no policy selects has none, so all traffic to it is allowed. */
function rulesOf(pod: Pod, view: View): string[] {
  const selecting = view.policies.filter(({ podSelector }) => selects(podSelector, pod.labels));
  if (selecting.length === 0) return [];
  const to = `-d ${pod.address}/32`;
  const admitted = selecting
    .flatMap(({ ingress }) => ingress)
    .flatMap(({ from, ports }) => {
      const sources = from.length === 0 ? [""] : from.flatMap((peer) => addressesOf(peer, view)).map(source);
      const to = ports.length === 0 ? [""] : ports.flatMap((port) => portsOf(port, pod));
      return sources.flatMap((source) => to.map((port) => `${source}${port}`));
    });
  const itself = source(`${pod.address}/32`);
  return [...[...new Set([itself, ...admitted])].map((each) => `${to}${each} -j RETURN`), `${to} -j DROP`];
}

const source = (network: string) => ` -s ${network}`;

function addressesOf({ ipBlock, namespaceSelector, podSelector }: Peer, view: View): string[] {
  if (ipBlock !== undefined) return networkWithout(ipBlock.cidr, ipBlock.except);
  return view.pods
    .filter(({ namespace, labels }) => {
      const isThere = namespaceSelector
        ? selects(namespaceSelector, view.namespaces[namespace] ?? {})
        : namespace === view.namespace;
      return isThere && (podSelector === undefined || selects(podSelector, labels));
    })
    .map(({ address }) => `${address}/32`);
}

function portsOf({ protocol, port }: Port, pod: Pod): string[] {
  const of = ` -p ${protocol.toLowerCase()}`;
  if (port === undefined) return [of];
  const numbers =
    typeof port === "number"
      ? [port]
      : pod.ports.filter((each) => each.name === port && each.protocol === protocol).map((each) => each.containerPort);
  return numbers.map((number) => `${of} --dport ${number}`);
}

function selects({ matchLabels }: LabelSelector, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

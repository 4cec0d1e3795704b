import { describe, expect, it } from "vitest";
import { networkPolicyRules } from "../../../../../lab/cluster/network-policy/rules.ts";
import { networkPolicySpec } from "../../../../../lab/cluster/network-policy/spec.ts";
import type { Labels, Pod, View } from "../../../../../lab/cluster/network-policy/view.ts";
import { type Packet, passes } from "./iptables-model.ts";

const registry = pod("dso", "10.244.1.5", { app: "registry" }, [
  { name: "plain", containerPort: 5000, protocol: "TCP" },
  { name: "dns", containerPort: 53, protocol: "UDP" },
]);
const pods = {
  registry,
  beside: pod("dso", "10.244.2.6", { app: "other" }),
  traefik: pod("traefik", "10.244.0.7", { app: "traefik" }),
  web: pod("web", "10.244.2.8", { app: "traefik" }),
};
const namespaces = { dso: {}, traefik: { kind: "ingress" }, web: {} };

const own = { podSelector: { matchLabels: { app: "registry" } } };
const from = (...peers: object[]) => ({ ...own, ingress: [{ from: peers }] });
const to = (...ports: object[]) => ({ ...own, ingress: [{ ports }] });

it("networkPolicyRules › returns input for iptables-restore, grouped by destination", () => {
  const nodes = { ipBlock: { cidr: "172.18.0.0/16" } };
  const spec = { ...own, ingress: [{ from: [{ namespaceSelector: {} }, nodes], ports: [{ port: "plain" }] }] };
  const to = "-A LAB-NETWORK-POLICY -d 10.244.1.5/32";
  expect(networkPolicyRules(view(spec), "worker")).toBe(`*mangle
:LAB-NETWORK-POLICY - [0:0]
-A LAB-NETWORK-POLICY -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN
${to} -s 10.244.1.5/32 -j RETURN
${to} -s 10.244.1.5/32 -p tcp --dport 5000 -j RETURN
${to} -s 10.244.2.6/32 -p tcp --dport 5000 -j RETURN
${to} -s 10.244.0.7/32 -p tcp --dport 5000 -j RETURN
${to} -s 10.244.2.8/32 -p tcp --dport 5000 -j RETURN
${to} -s 172.18.0.0/16 -p tcp --dport 5000 -j RETURN
${to} -j DROP
COMMIT
`);
});

describe("a NetworkPolicy", () => {
  it.each<[string, object, (keyof typeof pods | "outside")[]]>([
    ["without a rule", own, []],
    ["with a rule that says nothing", { ...own, ingress: [{}] }, ["beside", "traefik", "web", "outside"]],
    ["with every namespace", from({ namespaceSelector: {} }), ["beside", "traefik", "web"]],
    ["with a namespace's labels", from({ namespaceSelector: { matchLabels: { kind: "ingress" } } }), ["traefik"]],
    ["with labels of pods", from({ podSelector: { matchLabels: { app: "other" } } }), ["beside"]],
    ["with all pods of its own namespace", from({ podSelector: {} }), ["beside"]],
    [
      "with labels of a namespace and of pods in it",
      from({ namespaceSelector: { matchLabels: { kind: "ingress" } }, podSelector: { matchLabels: { app: "other" } } }),
      [],
    ],
    [
      "with labels of pods anywhere",
      from({ namespaceSelector: {}, podSelector: { matchLabels: { app: "traefik" } } }),
      ["traefik", "web"],
    ],
    ["with a network", from({ ipBlock: { cidr: "203.0.113.0/24" } }), ["outside"]],
    [
      "with a network that leaves it out",
      from({ ipBlock: { cidr: "0.0.0.0/0", except: ["203.0.113.8/29"] } }),
      ["beside", "traefik", "web"],
    ],
    ["with a network of IPv6", from({ ipBlock: { cidr: "::/0" } }), []],
    ["with several peers", from({ podSelector: {} }, { ipBlock: { cidr: "203.0.113.0/24" } }), ["beside", "outside"]],
  ])("%s admits those alone whom it names", (_what, spec, admitted) => {
    const all = (["beside", "traefik", "web", "outside"] as const).filter((each) =>
      reaches(view(spec), { source: address(each) }),
    );
    expect(all).toEqual(admitted);
  });

  it.each<[string, object, Partial<Packet>[]]>([
    ["none in particular", to(), [{}, { port: 22 }, { protocol: "udp", port: 53 }]],
    ["a number", to({ port: 5000 }), [{}]],
    ["a number of UDP", to({ port: 53, protocol: "UDP" }), [{ protocol: "udp", port: 53 }]],
    ["a container's name for it", to({ port: "plain" }), [{}]],
    ["a name of another protocol", to({ port: "dns" }), []],
    ["a name that no container has", to({ port: "tls" }), []],
    ["several", to({ port: 22 }, { port: "plain" }), [{}, { port: 22 }]],
    ["a protocol alone", to({ protocol: "TCP" }), [{}, { port: 22 }]],
  ])("with a port, %s, admits what goes there", (_what, spec, admitted) => {
    const all = [{}, { port: 22 }, { protocol: "udp", port: 53 }].filter((packet) => reaches(view(spec), packet));
    expect(all).toEqual(admitted);
  });

  it("does not affect pods that it does not select, also in other namespaces", () => {
    const everybody = view({ podSelector: {} });
    expect(reaches(everybody, { to: pods.beside.address })).toBe(false);
    expect(reaches(everybody, { to: pods.web.address })).toBe(true);
    expect(reaches(view(own), { to: pods.beside.address })).toBe(true);
  });

  it("admits what any of several policies admits", () => {
    const both = view(to({ port: 22 }), from({ podSelector: {} }));
    expect(reaches(both, { port: 22 })).toBe(true);
    expect(reaches(both, { source: pods.beside.address })).toBe(true);
    expect(reaches(both, {})).toBe(false);
  });

  it("admits a pod's own traffic and established connections", () => {
    expect(reaches(view(own), { source: registry.address })).toBe(true);
    expect(reaches(view(own), { established: true })).toBe(true);
    expect(reaches(view(own), {})).toBe(false);
  });

  it("is enforced only on nodes that run its pods", () => {
    expect(networkPolicyRules(view(own), "another")).not.toContain(registry.address);
  });
});

/** From a host outside to the registry's port, unless told otherwise. */
function reaches(of: View, packet: Partial<Packet>): boolean {
  const whole = { source: address("outside"), to: registry.address, protocol: "tcp", port: 5000, established: false };
  return passes(networkPolicyRules(of, "worker"), { ...whole, ...packet });
}

function address(of: keyof typeof pods | "outside"): string {
  return of === "outside" ? "203.0.113.9" : pods[of].address;
}

function view(...specs: object[]): View {
  const policies = specs.map((spec) => networkPolicySpec("registry", spec));
  return { namespace: "dso", policies, namespaces, pods: Object.values(pods) };
}

function pod(namespace: string, address: string, labels: Labels, ports: Pod["ports"] = []): Pod {
  return { namespace, address, labels, ports, node: "worker" };
}

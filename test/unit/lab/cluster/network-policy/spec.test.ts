import { describe, expect, it } from "vitest";
import { networkPolicySpec } from "../../../../../lab/cluster/network-policy/spec.ts";
import { networkPolicySpec as ours } from "../../../../../render/cluster-registry/network-policy.ts";
import { clusterVariant } from "../../../render/rendered-cluster.ts";

const podSelector = { matchLabels: { app: "registry" } };
const selected = { matchExpressions: [{ key: "app", operator: "Exists" }] };

describe("the fake for a network plugin", () => {
  it.each([
    ["egress", { egress: [] }],
    ["policyTypes[1]", { policyTypes: ["Ingress", "Egress"] }],
    ["matchExpressions", { podSelector: selected }],
    ["matchExpressions", { ingress: [{ from: [{ namespaceSelector: selected }] }] }],
    ["endPort", { ingress: [{ ports: [{ port: 5000, endPort: 5010 }] }] }],
    ["protocol", { ingress: [{ ports: [{ protocol: "SCTP" }] }] }],
  ])("refuses %s by name", (what, change) => {
    const refused = () => networkPolicySpec("registry", { podSelector, ...change });
    expect(refused).toThrow("NetworkPolicy registry: not supported by the lab's fake for a network plugin");
    expect(refused).toThrow(what);
  });

  it.each([{}, { exposure: { kind: "load-balancer" } }])("knows the registry's own with %j", (variant) => {
    const spec = ours(clusterVariant(variant));
    expect(networkPolicySpec("registry", spec)).toMatchObject(spec);
  });
});

import { expect, it } from "vitest";
import { networkView } from "../../../../../lab/cluster/network-policy/view.ts";

it("networkView › has the pods that an address leads to, and the namespace's policies", async () => {
  const podSelector = { matchLabels: { app: "registry" } };
  const answers: Record<string, unknown[]> = {
    "/apis/networking.k8s.io/v1/namespaces/dso/networkpolicies": [
      { metadata: { name: "registry" }, spec: { podSelector, policyTypes: ["Ingress"] } },
    ],
    "/api/v1/pods": [
      pod("dso", { phase: "Running", podIP: "10.244.1.5" }),
      pod("web", { phase: "Pending", podIP: "10.244.2.6" }),
      pod("web", { phase: "Pending" }),
      pod("web", { phase: "Succeeded", podIP: "10.244.1.5" }),
      pod("web", { phase: "Failed", podIP: "10.244.1.5" }),
      pod("web", { phase: "Running", podIP: "172.18.0.3" }, { hostNetwork: true }),
    ],
    "/api/v1/namespaces": [
      { metadata: { name: "dso" } },
      { metadata: { name: "web", labels: { team: "a" }, managedFields: [] } },
    ],
  };
  const call = ({ path }: { path: string }) => Promise.resolve(JSON.parse(JSON.stringify({ items: answers[path] })));

  const ports = [{ name: "plain", containerPort: 5000, protocol: "TCP" }];
  const common = { labels: { app: "registry" }, node: "lab-worker", ports };
  expect(await networkView(call, "dso")).toEqual({
    namespace: "dso",
    policies: [{ podSelector, policyTypes: ["Ingress"], ingress: [] }],
    pods: [
      { namespace: "dso", address: "10.244.1.5", ...common },
      { namespace: "web", address: "10.244.2.6", ...common },
    ],
    namespaces: { dso: {}, web: { team: "a" } },
  });
});

function pod(namespace: string, status: object, spec: object = {}): object {
  const containers = [{ name: "registry" }, { name: "proxy", ports: [{ name: "plain", containerPort: 5000 }] }];
  return {
    metadata: { name: "registry-0", namespace, labels: { app: "registry" } },
    spec: { nodeName: "lab-worker", containers, ...spec },
    status,
  };
}

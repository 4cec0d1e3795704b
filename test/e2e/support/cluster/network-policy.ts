import { expect, it, vi } from "vitest";
import type { NetworkPolicies } from "../../../../lab/cluster/network-policy/start-network-policies.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import type { ClusterRegistryStack } from "./cluster-registry-stack.ts";
import { registryPod, statusFor } from "./registry-pod.ts";

export type Policed = {
  registry: ClusterRegistryStack;
  policies: NetworkPolicies;
  /** A machine that is in the nodes' network and in the lab's network. */
  client: Machine;
  /** Address and port of the registry's Service, `ADDRESS:5000`. */
  clusterIp: string;
  /** The result of `fromOutside` before any policy was enforced. */
  before: string;
};

/** The tests of a registry behind a load balancer of its own. Its `nodeNetworks` contain only the nodes' network. */
export function isReachedByPodsAndNodes(policed: () => Policed): void {
  it("keeps out an address that is no node's, from which the pod was reached while nobody enforced it", async () => {
    const { registry, client, before, policies } = policed();
    await policies.synced();
    expect(before).toBe("200");
    expect(await fromOutside(registry, client, { retrySeconds: 3 })).toBe("no answer");
    expect(await fromNodesNetwork(registry, client)).toBe("200");
  });

  it("admits everybody to the port behind a load balancer of its own", async () => {
    const { registry, client } = policed();
    expect(await fromOutside(registry, client, { scheme: "https", port: 5443 })).toBe("200");
  });

  it("admits pods of another namespace, by Service registry", async () => {
    const { cluster, namespace } = policed().registry;
    const url = `http://registry.${namespace}.svc.cluster.local:5000/healthz`;
    const curl = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "20", url];
    expect(await cluster.kubectl(["exec", "--namespace", "traefik", "deployment/traefik", "--", ...curl])).toBe("200");
  });

  it("lets the kubelet's probes through: the pod stays ready", async () => {
    const { cluster, namespace } = policed().registry;
    // A pod stops being ready after three failed probes, two seconds apart, so 15 seconds are enough to notice.
    const staysReady = async () => {
      const { readySince = Number.POSITIVE_INFINITY } = await registryPod(cluster, namespace);
      return Date.now() - readySince > 15_000;
    };
    await vi.waitUntil(staysReady, { timeout: 60_000, interval: 1000 });
    expect((await registryPod(cluster, namespace)).restarts).toBe(0);
  });

  it("keeps the other node out once its rule for nodes is gone, and not the pod's own", async () => {
    const { registry, policies, clusterIp } = policed();
    const { kubectl } = registry.cluster;
    const policy = ["networkpolicy", "registry", "--namespace", registry.namespace];
    const { node, elsewhere } = await registryPod(registry.cluster, registry.namespace);
    const url = `http://${clusterIp}/healthz`;
    expect([await statusFor(elsewhere, url), await statusFor(node, url)]).toEqual(["200", "200"]);

    const { spec } = JSON.parse(await kubectl(["get", ...policy, "--output", "json"])) as Policy;
    const [{ from }] = spec.ingress;
    const admit = async (value: object[]) => {
      const change = [{ op: "replace", path: "/spec/ingress/0/from", value }];
      await kubectl(["patch", ...policy, "--type", "json", "--patch", JSON.stringify(change)]);
      await policies.synced();
    };
    await admit(from.filter((peer) => !("ipBlock" in peer)));
    expect(await statusFor(elsewhere, url, { retrySeconds: 3 })).toBe("no answer");
    expect(await statusFor(node, url)).toBe("200");
    await admit(from);
    expect(await statusFor(elsewhere, url)).toBe("200");
  });
}

type Policy = { spec: { ingress: [{ from: object[] }] } };
type Asked = { retrySeconds?: number; scheme?: string; port?: number };

/** What the pod answers to a client that is outside of the nodes' network, and for which nodes only route packets. */
export async function fromOutside(registry: ClusterRegistryStack, client: Machine, asked: Asked = {}): Promise<string> {
  const { address, node } = await registryPod(registry.cluster, registry.namespace);
  return throughRoute(client, address, node.address, asked);
}

async function fromNodesNetwork(registry: ClusterRegistryStack, client: Machine): Promise<string> {
  const { address, node } = await registryPod(registry.cluster, registry.namespace);
  return throughRoute(client, address, node.nodeAddress, {});
}

async function throughRoute(client: Machine, pod: string, router: string, asked: Asked): Promise<string> {
  const { scheme = "http", port = 5000, retrySeconds } = asked;
  await client.run('ip route replace "$1" via "$2"', { args: [pod, router] });
  try {
    return await statusFor(client, `${scheme}://${pod}:${port}/healthz`, { retrySeconds });
  } finally {
    await client.run('ip route del "$1"', { args: [pod] });
  }
}

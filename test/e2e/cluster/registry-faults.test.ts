import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { clients, trust } from "../../../lab/clients/clients.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { startLab } from "../../../lab/lab.ts";
import { withWorld } from "../../with-world.ts";
import { startClusterClient } from "../support/cluster/cluster-client.ts";
import { type ClusterRegistryStack, clusterRegistryStack } from "../support/cluster/cluster-registry-stack.ts";
import { proxyAnswers } from "../support/cluster/proxy-answers.ts";
import { type Push, pushLoad } from "../support/cluster/push-load.ts";

const name = "cluster-faults";

/** The settings in examples/stacks/microk8s.yaml. Settings whose values differ in the lab are overwritten below. */
const file = new URL("../../../examples/stacks/microk8s.yaml", import.meta.url);
const example = parse(readFileSync(file, "utf8")).config as Example;
const { accounts, ...local } = {
  containerRegistry: example["container-registry:containerRegistry"],
  variant: example["container-registry:variant"],
  accounts: example["container-registry:accounts"],
  workstation: example["container-registry:nodes"][0],
};

type Example = {
  "container-registry:containerRegistry": { host: string; pathPrefix: string };
  "container-registry:variant": { storage: object };
  "container-registry:accounts": Record<string, unknown>[];
  "container-registry:nodes": Record<string, unknown>[];
};
/** Every push that the registry acknowledged. All of these images must still be there after a fault. */
const acknowledged: Push[] = [];

const world = withWorld(async ({ use, defer }) => {
  const registry = use(
    await clusterRegistryStack({
      name,
      accounts,
      containerRegistry: { ...local.containerRegistry, host: `${name}.lab.test` },
      variant: {
        ...local.variant,
        namespace: name,
        ingressClassName: "traefik",
        storage: { ...local.variant.storage, storageClassName: "standard" },
      },
    }),
  );
  const { cluster, stack } = registry;
  const [{ name: worker } = { name: "" }] = cluster.workers;
  const connection = { kind: "docker-container", name: worker };
  const here = { runtime: "containerd", connection, hostsEntry: cluster.ingressAddress };
  const nodes = [{ ...local.workstation, ...here }];
  await stack.setConfig({ nodes });
  const client = use(await startClusterClient(`${name}-client`, cluster));
  defer(async () => {
    for (const { name: node } of cluster.workers) await cluster.kubectl(["uncordon", node]);
  });
  await stack.up();
  const jenkins = { name: "jenkins", password: await registry.password("jenkins") };
  await trust(client, registry.host, String((await registry.stack.outputs()).registryCa));
  await ready({ registry, client });
  return { registry, nodes, client, jenkins };
});

describe("the stack of examples/stacks/microk8s.yaml", () => {
  it("serves its workstation, which knows the name by its own hosts entry alone", async () => {
    const { registry, client, jenkins } = world();
    const [worker] = registry.cluster.workers;
    const reference = `${registry.host}/${local.containerRegistry.pathPrefix}/shop:1`;
    const pushed = await clients.skopeo.push(client, await testImage(client), reference, jenkins);
    const { dns } = await startLab();
    await dns.remove(registry.host);
    expect(await worker?.run('crictl pull "$1"', { args: [reference] })).toContain("Image is up to date");
    await dns.add(registry.host, registry.cluster.ingressAddress);
    if (pushed.ok) acknowledged.push({ reference, digest: pushed.digest });
  });
});

describe("the registry's pod, killed during pushes", () => {
  it("loses no image whose push was acknowledged", async () => {
    const { registry, client, jenkins } = world();
    const before = await pod();
    const pushing = pushLoad({ client, prefix: `${registry.host}/killed`, credentials: jenkins, images: 24 });
    await vi.waitUntil(async () => (await requestsOf(before.name)) > 20, { timeout: 60_000, interval: 100 });
    await kubectl(["delete", "pod", before.name, "--grace-period=0", "--force"]);
    const pushes = await pushing;

    const [failed, told] = [pushes.filter(({ digest }) => !digest), pushes.filter(({ digest }) => digest)];
    acknowledged.push(...told);
    expect(told.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(pushes.length);
    await ready(world());
    expect((await pod()).uid).not.toBe(before.uid);
    await expectAll();
  });
});

describe("another account", () => {
  it("may push when the kubelet has brought it, without another pod", async () => {
    const { registry, client } = world();
    const before = await pod();
    const teamA = { name: "team-a", push: ["team-a/**"] };
    await registry.stack.setConfig({ accounts: [...accounts, teamA] });
    await registry.stack.up();
    const credentials = { name: "team-a", password: await registry.password("team-a") };
    const archive = await testImage(client);
    const reference = `${registry.host}/team-a/shop:1`;
    const pushed = async () => {
      const outcome = await clients.crane.push(client, archive, reference, credentials);
      return outcome.ok && outcome;
    };
    // The time limit is this long because the kubelet updates a pod's mounted files only about once a minute.
    const { digest } = await vi.waitUntil(pushed, { timeout: 150_000, interval: 2000 });
    acknowledged.push({ reference, digest });
    expect(await pod()).toEqual(before);
  });
});

describe("a drained node", () => {
  it("gets its registry back, with all images, when it is back: the volume is that node's own", async () => {
    const { node } = await pod();
    const registryAlone = ["--pod-selector", "app.kubernetes.io/name=registry", "--delete-emptydir-data"];
    await kubectl(["drain", node, ...registryAlone, "--timeout=60s"]);
    await vi.waitUntil(async () => (await pods()).length === 1, { timeout: 30_000, interval: 200 });
    await sleep(2000);
    expect(await pods()).toMatchObject([{ phase: "Pending" }]);
    await kubectl(["uncordon", node]);
    await ready(world());
    expect((await pod()).node).toBe(node);
    await expectAll();
  });
});

describe("what the cluster cannot give", () => {
  const withHost = (host: string) => ({ containerRegistry: { ...local.containerRegistry, host } });
  afterEach(async () => {
    const { registry, nodes } = world();
    await registry.stack.setConfig({ ...withHost(registry.host), variant: registry.variant, nodes });
    await kubectl(["delete", "service", "by-name", "--ignore-not-found"]);
  });

  it("is told with the next step where a load balancer has a name alone", async () => {
    const { registry } = world();
    await kubectl(["apply", "--filename", "-"], JSON.stringify(byName));
    const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ hostname: "lb.example.org" }] } } });
    await kubectl(["patch", "service", "by-name", "--subresource=status", "--type=merge", "--patch", status]);
    const variant = { ...registry.variant, exposure: { kind: "load-balancer", service: `${name}/by-name` } };
    await registry.stack.setConfig({ ...withHost("registry.{address}.nip.io"), variant, nodes: [] });
    await expect(registry.stack.preview()).rejects.toThrow(
      "which has only lb.example.org; set containerRegistry.host to a DNS name of yours that leads there",
    );
  });

  it("is told with the next step where there is no such Ingress class", async () => {
    const { registry } = world();
    await registry.stack.setConfig({ variant: { ...registry.variant, ingressClassName: "nowhere" } });
    await expect(registry.stack.preview()).rejects.toThrow(
      "variant.ingressClassName nowhere, to be one of: kubectl get ingressclasses",
    );
  });
});

describe("destroy", () => {
  it("leaves the claim and its namespace, and the next up serves the images that are in it", async () => {
    const { registry, client } = world();
    const volume = () =>
      kubectl(["get", "persistentvolumeclaim", "registry", "--output", "jsonpath={.spec.volumeName}"]);
    const before = await volume();
    await registry.stack.destroy();
    expect(await kubectl(["get", "deployments,services,ingresses,configmaps,secrets", "--output", "name"])).toBe(
      "configmap/kube-root-ca.crt",
    );
    expect(await volume()).toBe(before);

    await registry.stack.up();
    await trust(client, registry.host, String((await registry.stack.outputs()).registryCa));
    await ready(world());
    await expectAll();
    await registry.stack.up({ flags: ["--expect-no-changes"] });
  });

  it("takes both with it where deleteData was set before", async () => {
    const { registry } = world();
    await registry.stack.setConfig({ variant: { ...registry.variant, deleteData: true } });
    await registry.stack.up();
    await registry.stack.destroy();
    expect(await registry.cluster.kubectl(["get", "namespace", name, "--ignore-not-found"])).toBe("");
  });
});

async function expectAll(): Promise<void> {
  for (const { reference, digest } of acknowledged)
    expect({ reference, ...(await clients.crane.pull(world().client, reference)) }).toEqual({
      reference,
      ok: true,
      digest,
    });
}

function kubectl(args: string[], input?: string): Promise<string> {
  return world().registry.cluster.kubectl([...args, "--namespace", name], input);
}

/**
 * A Service like that of a cloud whose load balancers have a host name and no address. No controller in the lab handles its
 * loadBalancerClass.
 */
const byName = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "by-name" },
  spec: { type: "LoadBalancer", loadBalancerClass: "example.org/by-name", ports: [{ port: 80 }] },
};

/** Waits until the registry's pod is ready and the ingress controller forwards requests to it. */
async function ready({ registry, client }: { registry: ClusterRegistryStack; client: Machine }): Promise<void> {
  const deployment = ["deployment/registry", "--namespace", name];
  await registry.cluster.kubectl(["rollout", "status", ...deployment, "--timeout=120s"]);
  await proxyAnswers(client, `https://${registry.host}`);
}

/** The registry's pod. Pods that are being deleted are left out. */
async function pod(): Promise<Pod> {
  const [found] = await pods();
  if (found === undefined) throw new Error("the registry has no pod");
  return found;
}

type Pod = { name: string; uid: string; node: string; phase: string; restarts: number[] };

async function pods(): Promise<Pod[]> {
  const { items } = JSON.parse(await kubectl(["get", "pods", "--output", "json"])) as PodList;
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata: { name, uid }, spec, status: { phase, containerStatuses = [] } }) => ({
      name,
      uid,
      node: spec.nodeName ?? "",
      phase,
      restarts: containerStatuses.map(({ restartCount }) => restartCount),
    }));
}

type PodList = {
  items: {
    metadata: { name: string; uid: string; deletionTimestamp?: string };
    spec: { nodeName?: string };
    status: { phase: string; containerStatuses?: { restartCount: number }[] };
  }[];
};

/** The number of requests that a pod's proxy has answered, according to its access log. */
async function requestsOf(pod: string): Promise<number> {
  const log = await kubectl(["logs", pod, "--container", "proxy"]);
  return log.split("\n").filter((line) => line.includes("handled request")).length;
}

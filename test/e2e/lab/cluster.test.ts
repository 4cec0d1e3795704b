import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { type Cluster, startCluster } from "../../../lab/cluster/cluster.ts";
import { podImage } from "../../../lab/cluster/images.ts";
import { kind } from "../../../lab/cluster/programs.ts";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { docker } from "../../../lab/docker/docker.ts";
import { goBinary } from "../../../lab/go/go-build.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { startLab } from "../../../lab/lab.ts";
import { loadBalancerPool } from "../../../lab/network/network.ts";
import { withWorld } from "../../with-world.ts";
import { ingress, webNamespace as namespace, service, stripPrefix, web } from "../support/cluster/cluster-web.ts";

const world = withWorld(async ({ use, defer }) => {
  const cluster = await startSharedCluster();
  const machine = use(await startMachine({ name: "cluster-test", kind: "bare" }));
  await cluster.kubectl(["delete", "namespace", namespace, "--ignore-not-found"]);
  await cluster.kubectl(["create", "namespace", namespace]);
  defer(() => cluster.kubectl(["delete", "namespace", namespace]));
  await apply(cluster, web(cluster.podImage), service("web", "ClusterIP"));
  await cluster.kubectl(["rollout", "status", "deployment/web", ...inNamespace, "--timeout=120s"]);
  return { cluster, machine };
});

describe("a cluster", () => {
  it("has nodes that are ready, and that the real kind takes for its own", async () => {
    const { cluster } = world();
    const nodes = (await cluster.kubectl(["get", "nodes", "--output", "name"])).split("\n");
    const { stdout } = await execa(await goBinary(kind), ["get", "nodes", "--name", cluster.name]);
    expect(stdout.split("\n").sort()).toEqual(nodes.map((node) => node.replace("node/", "")).sort());
    expect(nodes).toEqual(
      expect.arrayContaining(["control-plane", "worker", "worker2"].map((role) => `node/${cluster.name}-${role}`)),
    );
    await cluster.kubectl(["wait", "--for=condition=Ready", "nodes", "--all", "--timeout=60s"]);
  });

  it("has nodes that are machines of the lab, and know its names", async () => {
    const { cluster, machine } = world();
    const [node] = cluster.workers;
    expect(await node?.run("crictl info --output go-template --template '{{.status.conditions}}'")).toContain("true");
    expect(await node?.run("getent hosts cluster-test.lab.test")).toMatch(new RegExp(`^${machine.address}\\s`));
  });

  it("lets pods on different nodes reach each other, a Service by its name and the lab's machines", async () => {
    const pods = await webPods();
    expect(new Set(pods.map(({ node }) => node)).size).toBe(2);
    for (const { name } of pods) {
      for (const other of pods) expect(await curl(name, `http://${other.address}:8080/`)).toBe(other.name);
      const byService = () => curl(name, "http://web/").catch((error: Error) => error.message);
      // A node's kube-proxy and the cluster's DNS may know a new Service only after some seconds.
      await expect.poll(byService, followed).toMatch(new RegExp(`^(${pods.map((pod) => pod.name).join("|")})$`));
      expect(await exec(name, "nslookup cluster-test.lab.test")).toContain(world().machine.address);
    }
  });

  it("publishes an Ingress by name, with its address in the status", async () => {
    const { cluster } = world();
    const { dns } = await startLab();
    await dns.add("web.lab.test", cluster.ingressAddress);
    await apply(cluster, ingress("web.lab.test"));
    await answers("http://web.lab.test/");
    const address = "jsonpath={.status.loadBalancer.ingress[0].ip}";
    const published = () => cluster.kubectl(["get", "ingress", "web", ...inNamespace, "--output", address]);
    await vi.waitUntil(async () => (await published()) === cluster.ingressAddress, followed);
    await dns.remove("web.lab.test");
  });

  it("serves an Ingress below a path that a Middleware of Traefik's takes off", async () => {
    const { cluster } = world();
    const { dns } = await startLab();
    await dns.add("below.lab.test", cluster.ingressAddress);
    await apply(cluster, stripPrefix("/below"), ingress("below.lab.test", { name: "below", path: "/below" }));
    await answers("http://below.lab.test/below/index.html");
    await dns.remove("below.lab.test");
  });

  it("gives a Service of type LoadBalancer an address, which nip.io's names lead to, and takes it back", async () => {
    const { cluster } = world();
    await apply(cluster, service("balanced", "LoadBalancer"));
    const address = await vi.waitUntil(() => loadBalancerAddress("balanced"), followed);
    expect(poolOfAll).toContain(address);
    await answers(`http://balanced.${address}.nip.io/`);
    await answers(`http://balanced-${address.replaceAll(".", "-")}.nip.io/`);
    await answers(`http://${address}/`, cluster.workers[0]);
    await cluster.kubectl(["delete", "service", "balanced", ...inNamespace]);
    const isRemoved = async () => !(await cluster.controlPlane.run("ip -oneline address")).includes(`${address}/32`);
    await vi.waitUntil(isRemoved, followed);
  });

  it("binds a claim to a folder of the node whose pod asks for it, and removes it with the claim", async () => {
    const { cluster } = world();
    await apply(cluster, claim(), writer());
    await cluster.kubectl(["wait", "--for=condition=Ready", "pod/writer", ...inNamespace, "--timeout=120s"]);
    const volume = await value("persistentvolumeclaim", "data", "{.spec.volumeName}");
    const name = await value("pod", "writer", "{.spec.nodeName}");
    const node = cluster.workers.find((each) => each.name === name);
    expect(await node?.run(`cat /var/lib/volumes/${volume}/written`)).toBe("by a pod");
    await cluster.kubectl(["delete", "pod/writer", "persistentvolumeclaim/data", ...inNamespace, "--grace-period=1"]);
    await cluster.kubectl(["wait", "--for=delete", `persistentvolume/${volume}`, "--timeout=120s"]);
    expect((await node?.attempt(`ls /var/lib/volumes/${volume}`))?.ok).toBe(false);
  });

  it("takes in a third worker, and runs an image that was loaded there", async () => {
    const { cluster } = world();
    const node = await cluster.addNode();
    await docker(["tag", (await podImage("pod")).tag, "container-registry-lab/loaded:test"]);
    await cluster.loadImage("container-registry-lab/loaded:test");
    await docker(["image", "rm", "container-registry-lab/loaded:test"]);
    await apply(cluster, podOn(node.name, "container-registry-lab/loaded:test"));
    await cluster.kubectl(["wait", "--for=condition=Ready", "pod/on-third", ...inNamespace, "--timeout=120s"]);
    const [{ name = "" } = {}] = await webPods();
    const address = await value("pod", "on-third", "{.status.podIP}");
    const ping = () => exec(name, `ping -c 1 -W 5 ${address}`).catch((error: Error) => error.message);
    await expect.poll(ping, followed).toContain("1 packets received");
    await cluster.kubectl(["delete", "pod", "on-third", ...inNamespace]);
    await cluster.removeNode(node);
    expect(await cluster.kubectl(["get", "nodes", "--output", "name"])).not.toContain(node.name);
    const forgotten = async () => !(await cluster.controlPlane.run("ip route")).includes(`via ${node.nodeAddress} `);
    await vi.waitUntil(forgotten, followed);
  });
});

describe("a cluster of a real kind", () => {
  it("is left alone by one of the lab that would bear its name", async () => {
    // The image is not the lab's: containers of the lab's images have the lab's label.
    const emptyTar = Buffer.alloc(1024);
    const image = await docker(["import", "-", "lab-foreign:empty"], { input: emptyTar });
    const labels = ["io.x-k8s.kind.cluster=lab-foreign", "io.x-k8s.kind.role=control-plane"];
    const options = ["--name", "lab-foreign-control-plane", ...labels.flatMap((each) => ["--label", each])];
    const id = await docker(["create", ...options, image, "/none"]);
    try {
      await expect(startCluster({ name: "lab-foreign", workers: 0 })).rejects.toThrow("that is not the lab's");
      expect(await docker(["container", "inspect", "--format", "{{.Id}}", "lab-foreign-control-plane"])).toBe(id);
    } finally {
      await docker(["rm", "--force", id]);
      await docker(["image", "rm", image]);
    }
  });
});

describe("a cluster of the same name, made again", () => {
  it("is another one, by the UID of namespace kube-system", async () => {
    const options = { name: "lab-again", workers: 0 };
    const uid = ["get", "namespace", "kube-system", "--output", "jsonpath={.metadata.uid}"];
    const first = await startCluster(options);
    const before = await first.kubectl(uid);
    await first.remove();
    await using second = await startCluster(options);
    expect(second.kubeconfig).toBe(first.kubeconfig);
    expect(await second.kubectl(uid)).not.toBe(before);
  });
});

const inNamespace = ["--namespace", namespace];

/** How long to wait for programs that watch the API server. On an idle machine they follow a change within seconds. */
const followed = { timeout: 60_000, interval: 200 };
const poolOfAll = Array.from({ length: 8 }, (_, index) => loadBalancerPool(index)).flat();

async function apply(cluster: Cluster, ...items: object[]): Promise<void> {
  await cluster.kubectl(
    ["apply", ...inNamespace, "--filename", "-"],
    JSON.stringify({ apiVersion: "v1", kind: "List", items }),
  );
}

function exec(pod: string, command: string): Promise<string> {
  return world().cluster.kubectl(["exec", pod, ...inNamespace, "--", "sh", "-c", command]);
}

function curl(pod: string, url: string): Promise<string> {
  return exec(pod, `curl --silent --show-error --fail --max-time 10 ${url}`);
}

/** Waits until a pod of `web` answers the machine's requests at this URL. */
async function answers(url: string, from: Machine = world().machine): Promise<void> {
  const names = (await webPods()).map(({ name }) => name);
  const asked = async () => (await from.attempt(`curl --silent --fail --max-time 5 ${url}`)).stdout;
  await vi.waitUntil(async () => names.includes(await asked()), followed);
}

function value(type: string, name: string, path: string): Promise<string> {
  return world().cluster.kubectl(["get", type, name, ...inNamespace, "--output", `jsonpath=${path}`]);
}

function loadBalancerAddress(name: string): Promise<string> {
  return value("service", name, "{.status.loadBalancer.ingress[0].ip}");
}

async function webPods(): Promise<{ name: string; node: string; address: string }[]> {
  const path = '{range .items[*]}{.metadata.name} {.spec.nodeName} {.status.podIP}{"\\n"}{end}';
  const pods = ["get", "pods", ...inNamespace, "--selector", "app=web", "--output", `jsonpath=${path}`];
  const lines = (await world().cluster.kubectl(pods)).trim().split("\n");
  return lines.map((line) => {
    const [name = "", node = "", address = ""] = line.split(" ");
    return { name, node, address };
  });
}

function claim(): object {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Mi" } } };
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data" }, spec };
}

function writer(): object {
  const container = {
    name: "writer",
    image: world().cluster.podImage,
    // Not by root: a folder that only root may write to would be no volume for most.
    securityContext: { runAsUser: 1000 },
    command: ["sh", "-ec", "echo by a pod >/data/written && exec sleep 600"],
    volumeMounts: [{ name: "data", mountPath: "/data" }],
    readinessProbe: { exec: { command: ["test", "-s", "/data/written"] }, periodSeconds: 1 },
  };
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "writer" }, spec: { containers: [container], volumes } };
}

function podOn(nodeName: string, image: string): object {
  const containers = [{ name: "pod", image, command: ["sleep", "600"] }];
  const spec = { nodeName, terminationGracePeriodSeconds: 1, containers };
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "on-third" }, spec };
}

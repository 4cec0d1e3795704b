import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { type ClientName, clients, trust } from "../../../lab/clients/clients.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { type Answer, ask } from "../../../lab/proxy/ask.ts";
import { digestOf, pushImage } from "../../../lab/proxy/content.ts";
import { startMinio } from "../../../lab/services/minio.ts";
import { withWorld } from "../../with-world.ts";
import { clusterRegistryStack } from "../support/cluster/cluster-registry-stack.ts";
import { proxyAnswers } from "../support/cluster/proxy-answers.ts";
import { startPullLoad } from "../support/cluster/pull-load.ts";
import { podsBecome, pushPodImage, workloadOf } from "../support/pods.ts";
import { statusOf } from "../support/status.ts";

const name = "s3-registry";
const inNamespace = ["--namespace", name];

const world = withWorld(async ({ use, defer }) => {
  const minio = use(await startMinio("minio"));
  const { endpoint, bucket, region, accessKey, secretKey } = minio;
  const [registry, client] = await Promise.all([
    clusterRegistryStack({
      name,
      variant: { replicas: 2, storage: { kind: "s3", endpoint, bucket, region, pathStyle: true } },
      secrets: { s3AccessKey: accessKey, s3SecretKey: secretKey },
    }),
    startMachine({ name: "s3-client", kind: "client" }),
  ]);
  use(client);
  use(registry);
  defer(() => registry.cluster.kubectl(["delete", "deployments", "--selector", "load", ...inNamespace]));
  const connection = { kind: "kind-cluster", name: registry.cluster.name };
  await registry.stack.setConfig({ nodes: [{ name: "dev", runtime: "containerd", connection }] });
  await registry.stack.up();
  const ca = String((await registry.stack.outputs()).registryCa);
  const jenkins = { name: "jenkins", password: await registry.password("jenkins") };
  await trust(client, registry.host, ca);
  await proxyAnswers(client, `https://${registry.host}`);
  const archive = await testImage(client, { megabytes: 12 });
  return { minio, registry, client, ca, jenkins, archive };
});

describe("a registry of two replicas with its images in object storage", () => {
  it("takes what real clients push, and gives it back", async () => {
    for (const client of Object.keys(clients) as ClientName[]) await pushesAndPulls(client);
  });

  it("is well by status, which knows of no disk", async () => {
    const { registry } = world();
    const { exitCode, report } = await statusOf(registry.stack);
    expect([exitCode, report.attention, report.unknown, report.disk]).toEqual([0, [], [], undefined]);
    expect(report).toMatchObject({ serving: true, versions: { registry: "3.1.1" } });
    expect(report.containers.map(({ health }) => health)).toEqual(["ready", "ready"]);
  });

  it("goes on at one replica with an upload that another began", async () => {
    const [first = "", second = ""] = await podAddresses();
    const content = Buffer.from("begun here, ended there");
    const start = await upload(first, "POST", "/v2/p2c/shared/blobs/uploads/");
    const middle = await upload(second, "PATCH", start.location, content.subarray(0, 10));
    const last = await upload(first, "PATCH", middle.location, content.subarray(10));
    const end = await upload(second, "PUT", `${last.location}&digest=${digestOf(content)}`);
    expect([start, middle, last, end].map(({ status }) => status)).toEqual([202, 202, 202, 201]);
    const pulled = await at(`GET /v2/p2c/shared/blobs/${digestOf(content)}`);
    expect(pulled.text).toBe(content.toString());
  });

  it("loses no pull when a replica is deleted, and none that is tried again when one is killed", async () => {
    const { registry, client, ca } = world();
    const reference = `${registry.host}/p2c/load:1`;
    await pushPodImage({ ...registry, machine: client }, reference);
    const load = startPullLoad({
      address: registry.cluster.ingressAddress,
      host: registry.host,
      ca,
      contents: await smallContents(),
    });
    await registry.cluster.kubectl(["apply", "--filename", "-"], JSON.stringify(pullers(reference)));

    await sleep(1000);
    const [first = ""] = await podNames();
    await registry.cluster.kubectl(["delete", "pod", first, ...inNamespace, "--timeout=120s"]);
    await rolledOut();
    const failedAtDeletion = [...load.sofar.failed];

    const [second = ""] = await podNames();
    await registry.cluster.kubectl(["delete", "pod", second, ...inNamespace, "--grace-period=0", "--force"]);
    await sleep(3000);
    await rolledOut();
    const pods = { cluster: registry.cluster, name: "load", namespace: name, count: 4 };
    await podsBecome(({ running }) => running, pods);
    const result = await load.stop();
    expect(failedAtDeletion).toEqual([]);
    expect(result.failedTwice).toEqual([]);
    expect(result.requests).toBeGreaterThan(500);
  });

  it("says clearly that its storage is away, loses nothing it acknowledged, and recovers by itself", async () => {
    const { minio, registry, client, jenkins, archive } = world();
    const pods = await podsAndRestarts();
    const pushes = pushAllTheTime();
    await vi.waitUntil(() => pushes.acknowledged.size >= 3, { timeout: 60_000 });

    await minio.stop();
    const awayLongEnough = sleep(20_000);
    const push = await timed(() => clients.skopeo.push(client, archive, `${registry.host}/p2c/away:1`, jenkins));
    const pull = await timed(() => at("GET /v2/p2c/all-the-time/manifests/1"));
    await awayLongEnough;
    await minio.start();
    const before = pushes.acknowledged.size;
    await vi.waitUntil(() => pushes.acknowledged.size >= before + 3, { timeout: 120_000 });

    expect(push).toMatchObject({ ok: false, output: expect.stringMatching(/500|503/) });
    expect(pull.status).toBeGreaterThanOrEqual(500);
    expect(JSON.parse(pull.text)).toMatchObject({ errors: [{ code: expect.stringMatching(/^[A-Z]+$/) }] });
    for (const { seconds } of [push, pull]) expect(seconds).toBeLessThan(60);
    const acknowledged = await pushes.stop();
    expect(await podsAndRestarts()).toEqual(pods);
    for (const [tag, digest] of acknowledged) {
      const pulled = await at(`GET /v2/p2c/all-the-time/manifests/${tag}`);
      expect([pulled.status, digestOf(pulled.body)]).toEqual([200, digest]);
    }
  });
});

describe("the same registry, changed in place to one replica on a volume", () => {
  it("serves, one pod at a time, and begins empty", async () => {
    const { registry } = world();
    const storage = { kind: "volume", size: "1Gi" };
    await registry.stack.setConfig({ variant: { ...registry.variant, replicas: 1, storage } });
    await registry.stack.up();
    const strategy = ["get", "deployment", "registry", ...inNamespace, "--output", "jsonpath={.spec.strategy}"];
    expect(JSON.parse(await registry.cluster.kubectl(strategy))).toEqual({ type: "Recreate" });
    const budgets = ["get", "poddisruptionbudgets", ...inNamespace, "--output", "name"];
    expect(await registry.cluster.kubectl(budgets)).toBe("");
    const followed = { timeout: 60_000, interval: 500 };
    await vi.waitUntil(async () => (await podNames()).length === 1, followed);
    await vi.waitUntil(async () => (await at("GET /v2/p2c/load/manifests/1")).status === 404, followed);
    await pushesAndPulls("skopeo");
    await registry.stack.up({ flags: ["--expect-no-changes"] });
  });
});

async function pushesAndPulls(by: ClientName): Promise<void> {
  const { registry, client, jenkins, archive } = world();
  const reference = `${registry.host}/p2c/by-${by}:1`;
  const pushed = await clients[by].push(client, archive, reference, jenkins);
  expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
  expect(await clients[by].pull(client, reference)).toEqual(pushed);
}

const basic = () => `Basic ${Buffer.from(`jenkins:${world().jenkins.password}`).toString("base64")}`;

/** Sends a request through the Ingress. */
function at(line: string): Promise<Answer> {
  return ask({ url: ingressUrl() }, line, { headers: { host: world().registry.host } });
}

const ingressUrl = () => `https://${world().registry.cluster.ingressAddress}`;

async function timed<Result>(work: () => Promise<Result>): Promise<Result & { seconds: number }> {
  const started = Date.now();
  const result = await work();
  return { ...result, seconds: (Date.now() - started) / 1000 };
}

/** Sends one step of an upload straight to a pod, from a node. */
async function upload(pod: string, method: string, path: string, body = Buffer.alloc(0)) {
  const [node] = world().registry.cluster.workers;
  const script = `curl --silent --show-error --max-time 20 --dump-header - --output /dev/null --request "$1" \
    --header "Authorization: $3" --header "Content-Type: application/octet-stream" --data-binary @- "$2"`;
  const args = [method, `http://${pod}:5000${path}`, basic()];
  const headers = (await node?.run(script, { args, input: body.toString() })) ?? "";
  const location = /^location: *(\S+)/im.exec(headers)?.[1] ?? "";
  const { pathname, search } = new URL(location || "/", "http://registry");
  return { status: Number(/ (\d{3})/.exec(headers)?.[1]), location: pathname + search };
}

/** Pushes small images. Returns the path of each manifest and layer by its digest. */
async function smallContents(): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const tag of ["1", "2", "3", "4"]) {
    const { digest, layer } = await pushSmall("small", tag);
    contents[digest] = `/v2/p2c/small/manifests/${tag}`;
    contents[layer] = `/v2/p2c/small/blobs/${layer}`;
  }
  return contents;
}

function pushSmall(repository: string, tag: string) {
  const layer = Buffer.from(`a layer of ${tag} `.repeat(100));
  return pushImage({ url: ingressUrl() }, `p2c/${repository}`, tag, layer, {
    headers: { host: world().registry.host, authorization: basic() },
  });
}

/** Pushes one image after the other, each with a tag of its own, and collects the digests of acknowledged pushes by tag. */
function pushAllTheTime() {
  const acknowledged = new Map<string, string>();
  let stopped = false;
  const run = async () => {
    for (let tag = 1; !stopped; tag++) {
      const pushed = await pushSmall("all-the-time", String(tag)).catch(() => undefined);
      if (pushed?.answer.status === 201) acknowledged.set(String(tag), pushed.digest);
      await sleep(200);
    }
  };
  const running = run();
  return {
    acknowledged,
    stop: async () => {
      stopped = true;
      await running;
      return acknowledged;
    },
  };
}

function pullers(reference: string) {
  const workload = workloadOf("Deployment", "load", name, reference) as { metadata: object; spec: object };
  const metadata = { ...workload.metadata, labels: { load: "" } };
  return { ...workload, metadata, spec: { ...workload.spec, replicas: 4 } };
}

const ofRegistry = [...inNamespace, "--selector", "app.kubernetes.io/name=registry"];

async function podAddresses(): Promise<string[]> {
  const path = "jsonpath={.items[*].status.podIP}";
  return (await world().registry.cluster.kubectl(["get", "pods", ...ofRegistry, "--output", path])).split(" ");
}

async function podNames(): Promise<string[]> {
  return (await world().registry.cluster.kubectl(["get", "pods", ...ofRegistry, "--output", "name"]))
    .split("\n")
    .map((pod) => pod.replace("pod/", ""));
}

async function rolledOut(): Promise<void> {
  const deployment = ["deployment/registry", ...inNamespace];
  await world().registry.cluster.kubectl(["rollout", "status", ...deployment, "--timeout=120s"]);
}

async function podsAndRestarts(): Promise<string> {
  const path = "{range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}{'\\n'}{end}";
  return world().registry.cluster.kubectl(["get", "pods", ...ofRegistry, "--output", `jsonpath=${path}`]);
}

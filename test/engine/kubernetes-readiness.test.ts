import { describe, expect, it } from "vitest";
import { ApiError } from "../../lab/pulumi-fakes/kubernetes/api/transport.ts";
import { type KubeObject, kindOf, nameOf } from "../../lab/pulumi-fakes/kubernetes/object.ts";
import { readiness } from "../../lab/pulumi-fakes/kubernetes/wait/readiness.ts";
import type { PropertyMap } from "../../lab/pulumi-fakes/plugin/property.ts";

/** A look at an object among others. */
function look(live: KubeObject, others: KubeObject[] = [], waitedMs = 0, before?: KubeObject) {
  const of = (apiVersion: string, kind: string) => others.filter((each) => kindOf(each) === `${apiVersion}/${kind}`);
  const cluster = {
    list: async (apiVersion: string, kind: string) => of(apiVersion, kind),
    get: async (wanted: { apiVersion: string; kind: string; name: string }) => {
      const found = of(wanted.apiVersion, wanted.kind).find((each) => nameOf(each) === wanted.name);
      if (!found) throw new ApiError(404, { reason: "NotFound" });
      return found;
    },
  };
  const kind = readiness[kindOf(live)];
  if (!kind) throw new Error(`nothing is known of ${kindOf(live)}`);
  return kind.look(live, { cluster, waitedMs, before });
}

function object(kind: string, name: string, rest: PropertyMap): KubeObject {
  const [, apiVersion = "", bare = ""] = /^(.*)\/(\w+)$/.exec(kind) ?? [];
  const metadata = { name, namespace: "ns", uid: name, generation: 2, ...(rest.metadata as PropertyMap) };
  return { apiVersion, kind: bare, ...rest, metadata };
}

const counts = (wanted: number, updated: number, available: number) => ({
  observedGeneration: 2,
  desiredNumberScheduled: wanted,
  currentNumberScheduled: wanted,
  updatedNumberScheduled: updated,
  numberAvailable: available,
  numberReady: available,
});

const failingPod = (...met: string[]) =>
  object("v1/Pod", "pod", {
    metadata: { ownerReferences: [{ uid: "it" }] },
    status: {
      conditions: [
        ...met.map((type) => ({ type, status: "True" })),
        {
          type: "Ready",
          status: "False",
          reason: "ContainersNotReady",
          message: "containers with unready status: [app]",
        },
      ],
      containerStatuses: [
        { name: "app", ready: false, state: { waiting: { reason: "ErrImagePull", message: "no CA" } } },
      ],
    },
  });
const complaint = "[Pod ns/pod]: containers with unready status: [app][ErrImagePull] no CA";
const startedPod = failingPod("PodScheduled", "Initialized");

const service = (spec: PropertyMap, status: PropertyMap = {}) => object("v1/Service", "it", { spec, status });
const endpoints = (subset: PropertyMap) => object("v1/Endpoints", "it", { subsets: [subset] });
const addressed = { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } };
const ingress = (status: PropertyMap) =>
  object("networking.k8s.io/v1/Ingress", "front", {
    spec: { rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "it" } } }] } }] },
    status,
  });
const claim = (phase: string) =>
  object("v1/PersistentVolumeClaim", "it", { spec: { storageClassName: "fast" }, status: { phase } });
const storageClass = (volumeBindingMode: string) =>
  object("storage.k8s.io/v1/StorageClass", "fast", { volumeBindingMode });
const job = (type: string, reason = "") =>
  object("batch/v1/Job", "it", { status: { conditions: [{ type, status: "True", reason, message: "" }] } });

describe("readiness", () => {
  const daemonSet = (status: PropertyMap) => object("apps/v1/DaemonSet", "it", { status });
  const statefulSet = (status: PropertyMap) => object("apps/v1/StatefulSet", "it", { spec: { replicas: 2 }, status });
  const rolled = { observedGeneration: 2, currentRevision: "b", updateRevision: "b" };

  it.each<[string, boolean, KubeObject, KubeObject[]?]>([
    ["a DaemonSet on every node", true, daemonSet(counts(2, 2, 2))],
    ["one that no node wants", true, daemonSet(counts(0, 0, 0))],
    ["one still old on a node", false, daemonSet(counts(2, 1, 2))],
    ["one not available on a node", false, daemonSet(counts(2, 2, 1))],
    ["one whose controller has not looked", false, daemonSet({ ...counts(2, 2, 2), observedGeneration: 1 })],
    ["one without a status", false, daemonSet({})],
    ["a StatefulSet with all its pods", true, statefulSet({ ...rolled, readyReplicas: 2 })],
    ["one with a pod missing", false, statefulSet({ ...rolled, readyReplicas: 1 })],
    ["one half-way to its new form", false, statefulSet({ ...rolled, currentRevision: "a", readyReplicas: 2 })],
    ["a Job that is complete", true, job("Complete")],
    ["a Job that runs", false, job("Suspended")],
    ["a Service without pods to find", true, service({})],
    ["a headless Service", true, service({ selector: { a: "b" }, clusterIP: "None" })],
    ["a Service with a pod", true, service({ selector: { a: "b" } }), [endpoints({ addresses: [{}] })]],
    [
      "a Service with a pod to come",
      false,
      service({ selector: { a: "b" } }),
      [endpoints({ notReadyAddresses: [{}] })],
    ],
    ["a Service with no pod yet", false, service({ selector: { a: "b" } })],
    ["a LoadBalancer without address", false, service({ type: "LoadBalancer" })],
    ["a LoadBalancer with one", true, service({ type: "LoadBalancer" }, addressed)],
    ["an Ingress with an address", true, ingress(addressed), [endpoints({})]],
    ["an Ingress without one", false, ingress({}), [endpoints({})]],
    ["an Ingress without its Service", false, ingress(addressed)],
    ["a claim that is bound", true, claim("Bound")],
    ["a claim to be bound", false, claim("Pending"), [storageClass("Immediate")]],
    ["a claim that waits for its first pod", true, claim("Pending"), [storageClass("WaitForFirstConsumer")]],
  ])("of %s: %s", async (_, ready, live, others) => {
    expect((await look(live, others)).ready).toBe(ready);
  });

  it("of a claim that is taken over is given up where its class waits for a first pod, and it has one", async () => {
    const { ready, failed } = await look(claim("Bound"), [storageClass("WaitForFirstConsumer")]);
    expect([ready, failed]).toEqual([false, expect.stringContaining("pulumi.com/skipAwait")]);
  });

  it("of a claim that was bound before an update is not asked again", async () => {
    const bound = claim("Bound");
    expect((await look(bound, [storageClass("WaitForFirstConsumer")], 0, bound)).ready).toBe(true);
  });

  it("of a DaemonSet says what its pods complain about as its status, and leaves it out of the error", async () => {
    const { status, problems } = await look(daemonSet(counts(1, 1, 0)), [startedPod]);
    expect([status, problems]).toEqual([complaint, []]);
  });

  it("of a StatefulSet says what its pods complain about once they are scheduled and initialized", async () => {
    const live = statefulSet({ ...rolled, readyReplicas: 1 });
    expect((await look(live, [startedPod])).problems).toEqual([complaint]);
    expect((await look(live, [failingPod()])).problems).toEqual([]);
    expect((await look(live, [failingPod("PodScheduled")])).problems).toEqual([]);
  });

  it("of a Deployment says what is wrong with itself first, and then what its pods complain about", async () => {
    const annotations = { "deployment.kubernetes.io/revision": "1" };
    const unavailable = { type: "Available", status: "False", reason: "Minimum", message: "too few" };
    const live = object("apps/v1/Deployment", "front", {
      metadata: { annotations },
      status: { observedGeneration: 2, conditions: [unavailable] },
    });
    const set = object("apps/v1/ReplicaSet", "it", { metadata: { annotations, ownerReferences: [{ uid: "front" }] } });
    const own = ["[Minimum] too few", "Minimum number of live Pods was not attained"];
    expect((await look(live, [set, startedPod])).problems).toEqual([...own, complaint]);
    expect((await look(live, [set, failingPod()])).problems).toEqual(own);
  });

  it("of a failed Job is not waited for", async () => {
    expect((await look(job("Failed", "BackoffLimitExceeded"))).failed).toContain("[BackoffLimitExceeded]");
  });

  it("of a Service is given up on endpoints that never come", async () => {
    expect((await look(service({ selector: { a: "b" } }), [], 11_000)).ready).toBe(true);
  });
});

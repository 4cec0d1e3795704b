import { describe, expect, it } from "vitest";
import { found, rootCauses } from "../../../../operations/health/check.ts";
import { objects } from "../../../../operations/health/checks/cluster/objects.ts";
import { type CheckedPods, pods } from "../../../../operations/health/checks/cluster/pods.ts";
import { type AppliedObject, appliedObjects } from "../../../../operations/health/cluster/applied-objects.ts";
import { changedFields } from "../../../../operations/health/cluster/changed-fields.ts";
import { compareObjects } from "../../../../operations/health/cluster/live-objects.ts";
import { mends } from "./healthy.ts";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

const metadata = { name: "registry", namespace: "dso" };
const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 1, paused: false } };
const passwords = { apiVersion: "v1", kind: "Secret", metadata, data: { htpasswd: "c2VjcmV0" } };
const collector = { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: { schedule: "0 3 * * 0" } };
const daemonSet = { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: {} };
const config = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Caddyfile: "one\ntwo\n" } };
const all: AppliedObject[] = [deployment, passwords, collector, daemonSet, config];

describe("the state of the last up", () => {
  const of = (inputs: unknown, more: object = {}) =>
    appliedObjects([{ type: "kubernetes:core/v1:Secret", urn: "urn:pulumi:dev::p::t::name", inputs, ...more }]);

  it("has each object that up wrote, with secrets as they are", () => {
    expect(of({ ...passwords, data: secret(passwords.data), extra: 1 })).toEqual([passwords]);
  });

  it.each([
    ["is only read", passwords, { external: true }],
    ["is about to be deleted", passwords, { delete: true }],
    ["is of a kind that not every cluster has", { ...passwords, apiVersion: "cert-manager.io/v1" }, {}],
    ["has checks of its own", passwords, { urn: "urn:pulumi:dev::p::container-registry:consumers:PullSecret$t::name" }],
    ["is no object of Kubernetes", passwords, { type: "tls:index/privateKey:PrivateKey" }],
  ])("leaves out what %s", (_what, inputs, more) => {
    expect(of(inputs, more)).toEqual([]);
  });
});

describe("the fields of an object", () => {
  it.each([
    ["with more of them, by the API server", { a: 1 }, { a: 1, b: 2 }],
    ["that are empty, and left out by the API server", { a: {}, b: [], c: false }, {}],
    ["of another spelling", { cpu: "1000m", memory: "1024Mi" }, { cpu: "1", memory: "1Gi" }],
  ])("are as they were written %s", (_what, wanted, now) => {
    expect(changedFields(wanted, now, "spec")).toEqual([]);
  });

  it.each([
    ["spec.a", { a: 1 }, { a: 2 }],
    ["spec.a", { a: "1Gi" }, { a: "1G" }],
    ["spec.a[proxy].image", { a: [{ name: "proxy", image: "x" }] }, { a: [{ name: "proxy", image: "y" }] }],
    ["spec.a", { a: [1] }, { a: [1, 2] }],
    ["spec.a", { a: { b: 1 } }, {}],
  ])("are changed at %s", (path, wanted, now) => {
    expect(changedFields(wanted, now, "spec").map((each) => each.path)).toEqual([path]);
  });
});

describe("the stack's objects in its cluster", () => {
  const ready = { desiredNumberScheduled: 2, numberReady: 2, readyReplicas: 1 };

  async function findings(changes: Record<string, object | undefined> = {}) {
    const items = all.flatMap((object) => {
      const change = object.kind in changes ? changes[object.kind] : {};
      return change === undefined ? [] : [{ ...object, status: ready, ...change }];
    });
    const kubectl = { context: "dev", run: async () => JSON.stringify({ kind: "List", items }) };
    const compared = await compareObjects(
      { ...kubectl, [Symbol.asyncDispose]: async () => {} },
      all,
      new AbortController().signal,
    );
    const checked: CheckedPods = { where: "cluster dev", context: "dev", mends, objects: compared };
    return rootCauses(found([...objects, ...pods], checked));
  }

  it("have no findings where they are as up wrote them", async () => {
    expect(await findings()).toEqual([]);
  });

  it.each<[string, string, Record<string, object | undefined>]>([
    ["object-missing", "Secret dso/registry is not there", { Secret: undefined }],
    [
      "object-missing",
      "Secret dso/registry is being deleted",
      { Secret: { metadata: { ...metadata, deletionTimestamp: "x" } } },
    ],
    [
      "object-changed",
      "Secret dso/registry was changed since the last up",
      { Secret: { data: { htpasswd: "b3RoZXI=" } } },
    ],
    [
      "object-changed",
      "Deployment dso/registry was scaled to 0, and the last up had it at 1",
      { Deployment: { spec: { replicas: 0 } } },
    ],
    [
      "object-changed",
      "CronJob dso/registry is suspended, so that it starts nothing",
      { CronJob: { spec: { ...collector.spec, suspend: true } } },
    ],
    ["pod-not-ready", "Deployment dso/registry has 1 of 1 pods not ready", { Deployment: { status: {} } }],
    [
      "pod-not-ready",
      "DaemonSet dso/registry has 1 of 2 pods not ready",
      { DaemonSet: { status: { ...ready, numberReady: 1 } } },
    ],
  ])("%s: %s", async (check, problem, changes) => {
    expect(await findings(changes)).toMatchObject([{ check, problem }]);
  });

  it("show the lines that differ, and of secrets only where", async () => {
    const [changed] = await findings({ ConfigMap: { data: { Caddyfile: "one\nthree\n" } } });
    expect(changed?.lines).toEqual(["data.Caddyfile:", "- two", "+ three"]);
    const [hidden] = await findings({ Secret: { data: {} } });
    expect(hidden?.lines).toEqual(["data.htpasswd is missing; its text is not shown"]);
    expect(JSON.stringify(hidden)).not.toContain("c2VjcmV0");
  });
});

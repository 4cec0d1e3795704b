import { beforeEach, describe, expect, it } from "vitest";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { kubernetesObject } from "../../lab/pulumi-fakes/kubernetes/kubernetes-object.ts";
import { settings } from "../../lab/pulumi-fakes/kubernetes/settings.ts";
import { isSecret, type PropertyMap, secret, unknown } from "../../lab/pulumi-fakes/plugin/property.ts";
import { InitializationFailure } from "../../lab/pulumi-fakes/plugin/provider.ts";
import { withWorld } from "../with-world.ts";
import { recordedLog } from "./resource-calls.ts";

const api = withWorld(() => startApiServer());

beforeEach(() => configure());

function configure(more: Record<string, string> = {}): void {
  const given = { kubeconfig: api().kubeconfig, ...more };
  const variables = Object.entries(given).map(([key, value]) => [`kubernetes:config:${key}`, value]);
  settings.configure(Object.fromEntries(variables));
}

const tokens: Record<string, string> = {
  ConfigMap: "kubernetes:core/v1:ConfigMap",
  Service: "kubernetes:core/v1:Service",
  Secret: "kubernetes:core/v1:Secret",
  Deployment: "kubernetes:apps/v1:Deployment",
};

/** Inputs of an object, as a program gives them. */
function inputsOf(kind: string, name: string | undefined, rest: PropertyMap = {}): PropertyMap {
  const { annotations, ...others } = rest;
  const metadata = { ...(name && { name }), ...(annotations && { annotations }) };
  return { apiVersion: kind === "Deployment" ? "apps/v1" : "v1", kind, metadata, ...others };
}

const typeOf = (inputs: PropertyMap) => kubernetesObject(tokens[String(inputs.kind)] ?? "");

async function checked(given: PropertyMap, oldInputs: PropertyMap = {}): Promise<PropertyMap> {
  return (await typeOf(given).check(given, { name: "resource", oldInputs, log: recordedLog() })).inputs;
}

async function create(given: PropertyMap, { preview = false, timeoutSeconds = 0 } = {}) {
  const inputs = await checked(given);
  return typeOf(given).create({ name: "resource", inputs, preview, timeoutSeconds, log: recordedLog() });
}

async function update(state: PropertyMap, given: PropertyMap, { preview = false, ignoreChanges = [""] } = {}) {
  const inputs = await checked(given, state.__inputs as PropertyMap);
  const paths = ignoreChanges.filter(Boolean);
  const options = { preview, timeoutSeconds: 0, ignoreChanges: paths, log: recordedLog() };
  return typeOf(given).update({ state, inputs, ...options });
}

async function plan(state: PropertyMap, given: PropertyMap, ignoreChanges: string[] = []) {
  const inputs = await checked(given, state.__inputs as PropertyMap);
  const { changes, replaces } = await typeOf(given).diff({ oldInputs: {}, state, inputs, ignoreChanges });
  return Object.fromEntries(
    [...changes].map(([path, change]) => [path, replaces(path) ? `${change}, replace` : change]),
  );
}

const live = (object: string, path: string) => api().kubectl(["get", object, "-o", `jsonpath={${path}}`]);

const deployment = (name: string, annotations: PropertyMap = {}) =>
  inputsOf("Deployment", name, {
    annotations,
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "app", image: "app:1", resources: { limits: { memory: "1024Mi" } } }] },
      },
    },
  });

describe("a preview of a creation", () => {
  it("comes from the server, defaults included, and stores nothing", async () => {
    const { id, state } = await create(deployment("previewed"), { preview: true });
    expect([id, state.status]).toEqual(["", undefined]);
    expect(state.spec).toMatchObject({ replicas: 1 });
    await expect(live("deployment/previewed", ".kind")).rejects.toThrow("NotFound");
  });

  it("shows what the server would refuse", async () => {
    const created = create(inputsOf("ConfigMap", "Not A Name"), { preview: true });
    await expect(created).rejects.toThrow(/not successfully created by the Kubernetes API server.*Invalid value/);
  });

  it.each([
    ["holds what only the update will know", inputsOf("ConfigMap", "later", { data: { a: unknown } })],
    [
      "is of a namespace yet to be made",
      { ...inputsOf("ConfigMap", "x"), metadata: { name: "x", namespace: "later" } },
    ],
  ])("is the inputs where it %s", async (_, given) => {
    expect((await create(given, { preview: true })).state).toEqual(await checked(given));
  });
});

describe("an object", () => {
  it("goes to the provider's namespace where it names none, and is known by both", async () => {
    await api().kubectl(["create", "namespace", "chosen"]);
    configure({ namespace: "chosen" });
    expect((await create(inputsOf("ConfigMap", "placed"))).id).toBe("chosen/placed");
  });

  it("keeps a name that was made up, and gets another where it is made anew", async () => {
    const first = await checked(inputsOf("ConfigMap", undefined));
    expect(first.metadata).toMatchObject({ name: expect.stringMatching(/^resource-[0-9a-f]{8}$/) });
    expect(await checked(inputsOf("ConfigMap", undefined), first)).toEqual(first);
    expect(await checked(inputsOf("ConfigMap", undefined))).not.toEqual(first);
  });

  it("has no difference to what means the same", async () => {
    const given = deployment("same", { "pulumi.com/skipAwait": "true" });
    const { state } = await create(given);
    expect(await plan(state, given)).toEqual({});
  });

  it("is replaced for what can't change, and updated for the rest", async () => {
    const given = deployment("changed", { "pulumi.com/skipAwait": "true" });
    const { state } = await create(given);
    const spec = given.spec as PropertyMap;
    const changed = { ...given, spec: { ...spec, replicas: 2, selector: { matchLabels: { app: "other" } } } };
    expect(await plan(state, changed)).toEqual({
      "spec.replicas": "add",
      "spec.selector.matchLabels.app": "update, replace",
    });
  });

  it("may hold fields that others look after", async () => {
    const given = inputsOf("Service", "scaled", { spec: { ports: [{ port: 80 }], sessionAffinity: "None" } });
    const { state } = await create(given);
    await api().kubectl(["patch", "service/scaled", "-p", '{"spec":{"sessionAffinity":"ClientIP"}}']);
    const ignoreChanges = ["spec.sessionAffinity"];
    const changed = { ...given, spec: { ports: [{ port: 80, targetPort: 81 }], sessionAffinity: "None" } };
    expect(await plan(state, changed, ignoreChanges)).toEqual({ "spec.ports[0].targetPort": "add" });
    await update(state, changed, { ignoreChanges });
    expect(await live("service/scaled", ".spec.sessionAffinity")).toBe("ClientIP");
  });

  it("loses the fields that the program no longer names", async () => {
    const { state } = await create(
      inputsOf("Service", "fewer", { annotations: { a: "b" }, spec: { ports: [{ port: 80 }] } }),
    );
    await update(state, inputsOf("Service", "fewer", { spec: { ports: [{ port: 80 }] } }));
    expect(await live("service/fewer", ".metadata.annotations")).toBe("");
  });

  it("is taken over where upsertExistingObjects says so", async () => {
    await api().kubectl(["create", "configmap", "there", "--from-literal=theirs=1"]);
    const given = inputsOf("ConfigMap", "there", { data: { ours: "2" } });
    await expect(create(given)).rejects.toThrow('configmaps "there" already exists');
    configure({ upsertExistingObjects: "true" });
    await create(given);
    expect(JSON.parse(await live("configmap/there", ".data"))).toEqual({ theirs: "1", ours: "2" });
  });

  it("is previewed under another name where it can't become its replacement", async () => {
    configure({ upsertExistingObjects: "true" });
    const given = deployment("replaced", { "pulumi.com/skipAwait": "true" });
    await create(given);
    const changed = deployment("replaced-by", { "pulumi.com/skipAwait": "true" });
    const { state } = await create({ ...changed, metadata: given.metadata ?? {} }, { preview: true });
    expect(state.spec).toMatchObject({ selector: { matchLabels: { app: "replaced-by" } } });
  });

  it("taken over from an up that was cut off has two owners, and changes only by force", async () => {
    configure({ upsertExistingObjects: "true" });
    const given = inputsOf("Service", "cut-off", { spec: { ports: [{ port: 80 }], sessionAffinity: "None" } });
    await create(given);
    const { state } = await create(given);
    const changed = inputsOf("Service", "cut-off", { spec: { ports: [{ port: 80 }], sessionAffinity: "ClientIP" } });
    await expect(update(state, changed)).rejects.toThrow(/conflict with "pulumi-kubernetes-[0-9a-f]{8}"/);
    configure({ upsertExistingObjects: "true", enablePatchForce: "true" });
    await update(state, changed);
    expect(await live("service/cut-off", ".spec.sessionAffinity")).toBe("ClientIP");
  });

  it("that is a Secret is secret in inputs and state, stringData included", async () => {
    const given = inputsOf("Secret", "hidden", { stringData: { password: "p" } });
    const inputs = await checked(given);
    const { state } = await create(given);
    expect([inputs.data, state.data, (state.__inputs as PropertyMap).data].map(isSecret)).toEqual([true, true, true]);
    expect(await plan(state, given)).toEqual({});
    expect(JSON.stringify({ ...state, data: "", __inputs: "" })).not.toContain("cGFzc3dvcmQ");
  });

  it("keeps secret what was so in the program", async () => {
    const { state } = await create(inputsOf("ConfigMap", "half", { data: { open: "a", hidden: secret("b") } }));
    expect(state.data).toEqual({ open: "a", hidden: secret("b") });
  });

  it("says whether it waits: a custom timeout goes before the annotation, and skipAwait before both", async () => {
    await create(deployment("skipped", { "pulumi.com/skipAwait": "true" }), { timeoutSeconds: 1 });
    const annotated = { "pulumi.com/timeoutSeconds": "600" };
    const failure = await create(deployment("awaited", annotated), { timeoutSeconds: 1 }).catch((error) => error);
    expect(failure).toBeInstanceOf(InitializationFailure);
    expect(failure.message).toContain("'awaited' timed out waiting to be Ready");
    expect(failure.found.id).toBe("default/awaited");
  });

  it("whose kind nobody knows names the missing CRD", async () => {
    const inputs = { apiVersion: "example.org/v1", kind: "Gadget", metadata: { name: "a", namespace: "default" } };
    const request = { name: "a", inputs, state: { ...inputs, __inputs: inputs }, timeoutSeconds: 0, ignoreChanges: [] };
    const updated = kubernetesObject("kubernetes:example.org/v1:Gadget").update({
      ...request,
      preview: false,
      log: recordedLog(),
    });
    await expect(updated).rejects.toThrow(
      'Verify that any required CRDs have been created: no matches for kind "Gadget"',
    );
  });

  it.each([
    ["kubernetes:core/v1:ConfigMapPatch", "ConfigMap", "not supported by the lab's fake"],
    ["kubernetes:core/v1:ConfigMapList", "ConfigMapList", "list resources exist for compatibility"],
  ])("of type %s is refused", async (token, kind, message) => {
    const context = { name: "a", oldInputs: {}, log: recordedLog() };
    await expect(kubernetesObject(token).check({ apiVersion: "v1", kind }, context)).rejects.toThrow(message);
  });
});

describe("the end of an object", () => {
  const remove = (id: string, state: PropertyMap, timeoutSeconds = 60) =>
    typeOf(state).delete({ id, state, timeoutSeconds, log: recordedLog() });

  it("that is gone already is fine", async () => {
    const { id, state } = await create(inputsOf("ConfigMap", "gone"));
    await api().kubectl(["delete", "configmap", "gone"]);
    await remove(id, state);
  });

  it.each([
    ["Foreground", undefined, false],
    ["Orphan", "orphan", true],
  ])("is %s for what it owns where the annotation says %s", async (_, policy, survives) => {
    const name = `owner-${policy}`;
    const { id, state } = await create(
      inputsOf("ConfigMap", name, {
        annotations: { ...(policy && { "pulumi.com/deletionPropagationPolicy": policy }) },
      }),
    );
    const owner = { apiVersion: "v1", kind: "ConfigMap", name, uid: await live(`configmap/${name}`, ".metadata.uid") };
    const metadata = { name: `${name}-owned`, ownerReferences: [{ ...owner, blockOwnerDeletion: true }] };
    await api().kubectl(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata }));
    await remove(id, state);
    const found = await api().kubectl(["get", "configmap", `${name}-owned`, "--ignore-not-found", "-o", "name"]);
    expect(found !== "").toBe(survives);
  });

  it("that something holds up leaves it in the state, and names what does", async () => {
    const { id, state } = await create(inputsOf("ConfigMap", "held"));
    const finalizers = (names: string[]) =>
      api().kubectl([
        "patch",
        "configmap/held",
        "--type=merge",
        "-p",
        JSON.stringify({ metadata: { finalizers: names } }),
      ]);
    await finalizers(["example.org/hold"]);
    const log = recordedLog();
    const ended = typeOf(state).delete({ id, state, timeoutSeconds: 1, log });
    await expect(ended).rejects.toThrow(InitializationFailure);
    expect(log.lines).toContainEqual(expect.stringContaining("example.org/hold"));
    await finalizers([]);
  });
});

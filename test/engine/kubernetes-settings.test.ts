import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { accessFrom } from "../../lab/pulumi-fakes/kubernetes/api/kubeconfig.ts";
import { stepsOf, touches } from "../../lab/pulumi-fakes/kubernetes/force-new.ts";
import { kubernetesObject } from "../../lab/pulumi-fakes/kubernetes/kubernetes-object.ts";
import { canonicalQuantity } from "../../lab/pulumi-fakes/kubernetes/quantity.ts";
import { settings } from "../../lab/pulumi-fakes/kubernetes/settings.ts";
import { unknown } from "../../lab/pulumi-fakes/plugin/property.ts";
import { recordedLog } from "./resource-calls.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function kubeconfig(server = "https://192.0.2.1:6443", name = "one", more: object = {}): string {
  return stringify({
    clusters: [{ name: "c", cluster: { server, "certificate-authority-data": base64("CA") } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [
      { name, context: { cluster: "c", user: "u", namespace: "apps" } },
      { name: "other", context: { cluster: "c", user: "u" } },
    ],
    "current-context": name,
    ...more,
  });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("kubeconfig", () => {
  it("gives server, CA, credentials and namespace of its context", async () => {
    const found = await accessFrom({ kubeconfig: kubeconfig() });
    expect(found).toMatchObject({ server: "https://192.0.2.1:6443", ca: "CA", token: "t", namespace: "apps" });
  });

  it("may be a path, its own paths counted from there, and another context be chosen", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
    try {
      const user = { "client-certificate": "me.crt", "client-key-data": base64("KEY") };
      await writeFile(join(folder, "me.crt"), "CERT");
      await writeFile(join(folder, "config"), kubeconfig(undefined, "one", { users: [{ name: "u", user }] }));
      const found = await accessFrom({ kubeconfig: join(folder, "config"), context: "other" });
      expect(found).toMatchObject({ clientCertificate: "CERT", clientKey: "KEY", namespace: "default" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [{ context: "nowhere" }, 'context "nowhere" does not exist'],
    [{ kubeconfig: "/nowhere" }, "the kubeconfig is neither an existing file nor YAML"],
  ])("%j: %s", async (choice, message) => {
    await expect(accessFrom({ kubeconfig: kubeconfig(), ...choice })).rejects.toThrow(message);
  });

  it("with a plugin for credentials is refused", async () => {
    const users = [{ name: "u", user: { exec: { command: "aws" } } }];
    const found = accessFrom({ kubeconfig: kubeconfig(undefined, "one", { users }) });
    await expect(found).rejects.toThrow("not supported by the lab's fake");
  });
});

describe("the provider", () => {
  const here = { kubeconfig: kubeconfig() };

  it.each([
    ["another server", here, { kubeconfig: kubeconfig("https://192.0.2.2:6443") }, ["kubeconfig"]],
    ["only another context's name", here, { kubeconfig: kubeconfig(undefined, "renamed") }, []],
    ["another namespace", here, { ...here, namespace: "other" }, []],
    ["a kubeconfig yet unknown", here, { kubeconfig: unknown }, ["kubeconfig"]],
    [
      "another identifier",
      { ...here, clusterIdentifier: "a" },
      { ...here, clusterIdentifier: "b" },
      ["clusterIdentifier"],
    ],
    ["its first identifier", here, { ...here, clusterIdentifier: "b" }, []],
    [
      "another server under one identifier",
      { ...here, clusterIdentifier: "a" },
      { kubeconfig: kubeconfig("https://192.0.2.2:6443"), clusterIdentifier: "a" },
      [],
    ],
  ])("with %s", async (_, olds, news, replaces) => {
    const changed = await settings.diff(olds, news);
    expect(changed.changes).not.toEqual([]);
    expect(changed.replaces).toEqual(replaces);
  });

  it.each([
    [{ context: "kind-lab", enableServerSideApply: "true", renderYamlToDirectory: "" }, []],
    [{ enableServerSideApply: "false" }, ["enableServerSideApply"]],
    [{ renderYamlToDirectory: "out" }, ["renderYamlToDirectory"]],
  ])("set to %j has these refused: %j", (inputs, refused) => {
    expect(settings.check(inputs).map(({ property }) => property)).toEqual(refused);
  });

  it.each([
    "kubernetes:helm.sh/v3:Release",
    "kubernetes:helm.sh/v4:Chart",
    "kubernetes:yaml/v2:ConfigGroup",
    "kubernetes:kustomize/v2:Directory",
  ])("has no %s", (token) => {
    expect(() => kubernetesObject(token)).toThrow("not supported by the lab's fake");
  });
});

describe("an object on a cluster that does not answer", () => {
  const type = kubernetesObject("kubernetes:core/v1:ConfigMap");
  const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "b" } };
  const lost = { id: "b/a", inputs, state: { ...inputs, __inputs: inputs } };
  const nowhere = { "kubernetes:config:kubeconfig": kubeconfig("http://127.0.0.1:1") };
  const request = { name: "a", inputs, timeoutSeconds: 0, log: recordedLog() };

  it("can be previewed, and not made, read or deleted", async () => {
    settings.configure(nowhere);
    expect(await type.create({ ...request, preview: true })).toEqual({ id: "", state: inputs });
    const unreachable = "configured Kubernetes cluster is unreachable: ";
    await expect(type.create({ ...request, preview: false })).rejects.toThrow(unreachable);
    await expect(type.find(lost)).rejects.toThrow("PULUMI_K8S_DELETE_UNREACHABLE");
    await expect(type.delete({ ...request, ...lost })).rejects.toThrow("PULUMI_K8S_DELETE_UNREACHABLE");
  });

  it.each([
    ["the setting", () => settings.configure({ ...nowhere, "kubernetes:config:deleteUnreachable": "true" })],
    [
      "the variable",
      () => {
        settings.configure(nowhere);
        vi.stubEnv("PULUMI_K8S_DELETE_UNREACHABLE", "true");
      },
    ],
  ])("is gone where %s deleteUnreachable says so", async (_, configure) => {
    configure();
    expect(await type.find(lost)).toBeUndefined();
    await type.delete({ ...request, ...lost });
  });

  it("is left as it is where skipUpdateUnreachable says so", async () => {
    settings.configure({ ...nowhere, "kubernetes:config:skipUpdateUnreachable": "true" });
    expect(await type.find(lost)).toEqual(lost);
    const context = { name: "a", oldInputs: inputs, log: recordedLog() };
    expect(await type.check({ ...inputs, data: {} }, context)).toEqual({ inputs, failures: [] });
  });
});

it.each([
  ["1000m", "1"],
  ["0.5", "500m"],
  ["1024Mi", "1Gi"],
  ["1.5Gi", "1536Mi"],
  ["1000k", "1M"],
  ["100m", "100m"],
  ["0", "0"],
  ["what", "what"],
])("the amount %s is written %s", (given, written) => {
  expect(canonicalQuantity(given)).toBe(written);
});

it.each([
  ["spec.selector.matchLabels.app", "b", true],
  ["spec", { selector: { matchLabels: {} } }, true],
  ["spec", { replicas: 2 }, false],
  ["spec.replicas", 2, false],
  ["spec.selectors", 2, false],
])("a change of %s to %j makes a new object: %s", (path, value, expected) => {
  expect(touches(path, value, ["metadata.name", "spec.selector"])).toBe(expected);
});

it("a path may hold quoted keys and indexes", () => {
  expect(stepsOf('data["ca.crt"].ports[0].port')).toEqual(["data", "ca.crt", "ports", "0", "port"]);
});

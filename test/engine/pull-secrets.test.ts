import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { awaitServiceAccount, pullSecretMark, serviceAccountCommands } from "../../hosts/cluster/service-account.ts";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { forgetCluster, kubeSystemUid } from "./kube-system.ts";

const password = "quotes ' and \" and $HOME, Ünïcode";
const pullSecrets = [
  { namespace: "team-a", name: "registry", defaultServiceAccount: true },
  { namespace: "team-a", name: "second", defaultServiceAccount: true },
  { namespace: "team-b", name: "registry" },
];

let api: ApiServer;
let other: ApiServer;
let stack: PulumiStack;

beforeAll(async () => {
  const names = ["garbage-collector", "namespace", "serviceaccount"];
  const controllers = names.map((name) => `${name}-controller`);
  [api, other] = await Promise.all([startApiServer({ controllers }), startApiServer({ controllers })]);
  stack = await startStack({
    name: "pull-secrets",
    config: {
      "kubernetes:kubeconfig": api.kubeconfig,
      containerRegistry: { host: "registry.example.org" },
      variant: { kind: "existing", tls: { kind: "public" } },
      pullSecrets,
    },
    secrets: { registryUsername: "reader", registryPassword: password },
  });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  for (const each of [api, other]) await each?.[Symbol.asyncDispose]();
});

type Account = Parameters<typeof pullSecretMark>[1];

async function account(cluster = api): Promise<Account> {
  return JSON.parse(await cluster.kubectl(["get", "serviceaccount", "default", "-n", "team-a", "-o", "json"]));
}

async function listed(cluster = api): Promise<(string | undefined)[]> {
  return ((await account(cluster)).imagePullSecrets ?? []).map(({ name }) => name).sort();
}

const setList = (names: string[]) => {
  const patch = JSON.stringify({ imagePullSecrets: names.map((name) => ({ name })) });
  return api.kubectl(["patch", "serviceaccount", "default", "-n", "team-a", "--type=merge", "-p", patch]);
};

const secrets = (cluster = api) =>
  cluster.kubectl(["get", "secrets", "--all-namespaces", "-o", "jsonpath={..metadata.name}"]);

// One story: each test goes on where the one before it ended.
describe("pull secrets", { timeout: 300_000 }, () => {
  it("make the preview fail without their namespace, with the command that creates it", async () => {
    await expect(stack.preview()).rejects.toThrow("to be created first: kubectl create namespace team-");
    await expect(stack.up()).rejects.toThrow("to be created first: kubectl create namespace team-");
    expect(await secrets()).toBe("");
  });

  it("hold the credentials, and are added to the default ServiceAccount beside other entries", async () => {
    for (const namespace of ["team-a", "team-b"]) await api.kubectl(["create", "namespace", namespace]);
    await accountIsThere();
    await setList(["by-hand"]);
    await stack.up({ preview: true });
    const path = "jsonpath={.type} {.data.\\.dockerconfigjson}";
    const [type, data = ""] = (await api.kubectl(["get", "secret", "registry", "-n", "team-b", "-o", path])).split(" ");
    expect(type).toBe("kubernetes.io/dockerconfigjson");
    expect(JSON.parse(Buffer.from(data, "base64").toString())).toEqual({
      auths: {
        "registry.example.org": {
          username: "reader",
          password,
          auth: Buffer.from(`reader:${password}`).toString("base64"),
        },
      },
    });
    expect(await listed()).toEqual(["by-hand", "registry", "second"]);
  });

  it("change nothing in the second up, and are nowhere in plain text", async () => {
    const { output } = await stack.up({ flags: ["--expect-no-changes", "--debug"] });
    for (const text of [output, JSON.stringify(await stack.exportState())]) {
      expect(text).not.toContain("Ünïcode");
      expect(text).not.toContain(Buffer.from(`reader:${password}`).toString("base64"));
    }
  });

  it("are added again by up when somebody removed them, and remove no other entry", async () => {
    await setList(["by-hand", "second", "by-another-hand"]);
    const { output } = await stack.up();
    expect(output).toMatch(/~ 1 updated/);
    expect(await listed()).toEqual(["by-another-hand", "by-hand", "registry", "second"]);
    await stack.preview({ expectNoChanges: true });
  });

  it("are added to a ServiceAccount that was created again", async () => {
    const { uid } = (await account()).metadata;
    await api.kubectl(["delete", "serviceaccount", "default", "-n", "team-a"]);
    await expect
      .poll(async () => (await account().catch(() => undefined))?.metadata.uid ?? uid, {
        timeout: 60_000,
        interval: 100,
      })
      .not.toBe(uid);
    await stack.up();
    expect(await listed()).toEqual(["registry", "second"]);
  });

  it("are removed from it when the stack file says so, and nothing else is", async () => {
    await setList(["by-hand", "registry", "second"]);
    const [first, ...rest] = pullSecrets;
    await stack.setConfig({ pullSecrets: [{ ...first, defaultServiceAccount: false }, ...rest] });
    await stack.up();
    expect(await listed()).toEqual(["by-hand", "second"]);
    expect(await secrets()).toBe("registry second registry");
    await stack.preview({ expectNoChanges: true });
  });

  it("leave an entry that existed before the stack's", async () => {
    await setList(["by-hand", "registry", "second"]);
    await stack.setConfig({ pullSecrets });
    await stack.up();
    await stack.preview({ expectNoChanges: true });
    await stack.setConfig({ pullSecrets: pullSecrets.slice(1) });
    await stack.up();
    expect(await listed()).toEqual(["by-hand", "registry", "second"]);
  });

  it("move to another cluster only after the first one's objects were removed from the state", async () => {
    await stack.setConfig({ "kubernetes:kubeconfig": other.kubeconfig, pullSecrets });
    for (const namespace of ["team-a", "team-b"]) await other.kubectl(["create", "namespace", namespace]);
    await forgetCluster(stack, stack.up());
    expect(await secrets(other)).toBe("");
    await stack.up();
    // Nothing was deleted in the first one.
    expect(await listed()).toEqual(["by-hand", "registry", "second"]);
    expect(await listed(other)).toEqual(["registry", "second"]);
  });

  it("are deleted with the stack", async () => {
    await stack.destroy();
    expect([await listed(other), await secrets(other)]).toEqual([[], ""]);
    expect((await account(other)).metadata.annotations ?? {}).toEqual({});
  });
});

describe("the commands that change a ServiceAccount", () => {
  const target = { context: "lab", cluster: "", namespace: "team-a" };
  beforeAll(async () => {
    await api.kubectl(["create", "namespace", "team-a"]).catch(() => {});
    await accountIsThere();
    target.cluster = await kubeSystemUid(api);
  });
  const run = (command: string) =>
    execa("/bin/sh", ["-c", command], {
      input: api.kubeconfig,
      env: { PATH: stack.env.PATH },
      reject: false,
      all: true,
    });
  const placing = async (secret: string) => {
    const mark = pullSecretMark(secret, await account());
    return run(serviceAccountCommands(secret, mark, target).create);
  };

  it("lose no entry when others write the list at the same time", async () => {
    await setList(["by-hand"]);
    const names = (whose: string) => Array.from({ length: 6 }, (_, i) => `${whose}-${i}`);
    const commands = names("ours").map(placing);
    for (const name of names("theirs")) {
      const patch = JSON.stringify([{ op: "add", path: "/imagePullSecrets/-", value: { name } }]);
      await api.kubectl(["patch", "serviceaccount", "default", "-n", "team-a", "--type=json", "-p", patch]);
    }
    for (const { exitCode, all } of await Promise.all(commands)) expect(exitCode, all).toBe(0);
    expect(await listed()).toEqual(["by-hand", ...names("ours"), ...names("theirs")]);
  });

  it("wait until the ServiceAccount exists", async () => {
    await using bare = await startApiServer();
    await bare.kubectl(["create", "namespace", "team-a"]);
    const cluster = await kubeSystemUid(bare);
    const waiting = execa("/bin/sh", ["-c", awaitServiceAccount({ ...target, cluster })], {
      input: bare.kubeconfig,
      env: { PATH: stack.env.PATH },
    });
    await sleep(1500);
    expect(waiting.exitCode).toBeNull();
    await bare.kubectl(["create", "serviceaccount", "default", "-n", "team-a"]);
    expect((await waiting).exitCode).toBe(0);
  });

  it("say that the namespace is missing", async () => {
    const { all, exitCode } = await run(awaitServiceAccount({ ...target, namespace: "nowhere" }));
    expect([exitCode, all]).toEqual([
      1,
      "error: the cluster has no namespace nowhere; make it, and run again: kubectl create namespace nowhere",
    ]);
  });

  it("change nothing in another cluster, and say so", async () => {
    await placing("kept");
    const before = await account();
    const another = { ...target, cluster: "the UID of another" };
    const commands = serviceAccountCommands("kept", "a mark", another);
    for (const command of [awaitServiceAccount(another), commands.create, commands.delete]) {
      const { all, exitCode } = await run(command);
      expect([exitCode, all]).toEqual([1, expect.stringContaining("the context leads to another cluster")]);
      expect(all).toContain("ServiceAccount default in namespace team-a was not touched");
    }
    expect(await account()).toEqual(before);
  });
});

/** Its controller makes it a moment after the namespace. */
async function accountIsThere(): Promise<void> {
  const isThere = () => account().then(Boolean, () => false);
  await vi.waitUntil(isThere, { timeout: 60_000, interval: 100 });
}

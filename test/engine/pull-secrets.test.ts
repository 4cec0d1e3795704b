import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { awaitServiceAccount, pullSecretMark, serviceAccountCommands } from "../../hosts/cluster/service-account.ts";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../with-world.ts";
import { forgetCluster, kubeSystemUid } from "./kube-system.ts";
import { step } from "./step.ts";

const password = "quotes ' and \" and $HOME, Ünïcode";
const pullSecrets = [
  { namespace: "team-a", name: "registry", defaultServiceAccount: true },
  { namespace: "team-a", name: "second", defaultServiceAccount: true },
  { namespace: "team-b", name: "registry" },
];

const world = withWorld(async ({ use }) => {
  const names = ["garbage-collector", "namespace", "serviceaccount"];
  const controllers = names.map((name) => `${name}-controller`);
  const api = use(await startApiServer({ controllers }));
  const other = use(await startApiServer({ controllers }));
  const stack = use(
    await startStack({
      name: "pull-secrets",
      config: {
        "kubernetes:kubeconfig": api.kubeconfig,
        containerRegistry: { host: "registry.example.org" },
        variant: { kind: "existing", tls: { kind: "public" } },
        pullSecrets,
      },
      secrets: { registryUsername: "reader", registryPassword: password },
    }),
  );
  return { api, other, stack };
});

type Account = Parameters<typeof pullSecretMark>[1];

async function account(cluster = world().api, namespace = "team-a"): Promise<Account> {
  return JSON.parse(await cluster.kubectl(["get", "serviceaccount", "default", "-n", namespace, "-o", "json"]));
}

async function listed(cluster = world().api, namespace = "team-a"): Promise<(string | undefined)[]> {
  return ((await account(cluster, namespace)).imagePullSecrets ?? []).map(({ name }) => name).sort();
}

const setList = (names: string[], namespace = "team-a") => {
  const patch = JSON.stringify({ imagePullSecrets: names.map((name) => ({ name })) });
  return world().api.kubectl(["patch", "serviceaccount", "default", "-n", namespace, "--type=merge", "-p", patch]);
};

const secrets = (cluster = world().api) =>
  cluster.kubectl(["get", "secrets", "--all-namespaces", "-o", "jsonpath={..metadata.name}"]);

it("pull secrets › are created, repaired, moved to another cluster and deleted, and no other entry changes", {
  timeout: 1_200_000,
}, async () => {
  const { api, other, stack } = world();

  await step("make the preview fail without their namespace, with the command that creates it", async () => {
    await expect(stack.preview()).rejects.toThrow("to be created first: kubectl create namespace team-");
    await expect(stack.up()).rejects.toThrow("to be created first: kubectl create namespace team-");
    expect(await secrets()).toBe("");
  });

  await step("hold the credentials, and are added to the default ServiceAccount beside other entries", async () => {
    for (const namespace of ["team-a", "team-b"]) await api.kubectl(["create", "namespace", namespace]);
    await accountIsThere("team-a");
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

  await step("change nothing in the second up, and are nowhere in plain text", async () => {
    const { output } = await stack.up({ flags: ["--expect-no-changes", "--debug"] });
    for (const text of [output, JSON.stringify(await stack.exportState())]) {
      expect(text).not.toContain("Ünïcode");
      expect(text).not.toContain(Buffer.from(`reader:${password}`).toString("base64"));
    }
  });

  await step("are added again by up when somebody removed them, and remove no other entry", async () => {
    await setList(["by-hand", "second", "by-another-hand"]);
    const { output } = await stack.up();
    expect(output).toMatch(/~ 1 updated/);
    expect(await listed()).toEqual(["by-another-hand", "by-hand", "registry", "second"]);
    await stack.preview({ expectNoChanges: true });
  });

  await step("are added to a ServiceAccount that was created again", async () => {
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

  await step("are removed from it when the stack file says so, and nothing else is", async () => {
    await setList(["by-hand", "registry", "second"]);
    const [first, ...rest] = pullSecrets;
    await stack.setConfig({ pullSecrets: [{ ...first, defaultServiceAccount: false }, ...rest] });
    await stack.up();
    expect(await listed()).toEqual(["by-hand", "second"]);
    expect(await secrets()).toBe("registry second registry");
    await stack.preview({ expectNoChanges: true });
  });

  await step("leave an entry that existed before the stack's", async () => {
    await setList(["by-hand", "registry", "second"]);
    await stack.setConfig({ pullSecrets });
    await stack.up();
    await stack.preview({ expectNoChanges: true });
    await stack.setConfig({ pullSecrets: pullSecrets.slice(1) });
    await stack.up();
    expect(await listed()).toEqual(["by-hand", "registry", "second"]);
  });

  await step("move to another cluster only after the first one's objects were removed from the state", async () => {
    await stack.setConfig({ "kubernetes:kubeconfig": other.kubeconfig, pullSecrets });
    for (const namespace of ["team-a", "team-b"]) await other.kubectl(["create", "namespace", namespace]);
    await forgetCluster(stack, stack.up());
    expect(await secrets(other)).toBe("");
    await stack.up();
    // Nothing was deleted in the first one.
    expect(await listed()).toEqual(["by-hand", "registry", "second"]);
    expect(await listed(other)).toEqual(["registry", "second"]);
  });

  await step("are deleted with the stack", async () => {
    await stack.destroy();
    expect([await listed(other), await secrets(other)]).toEqual([[], ""]);
    expect((await account(other)).metadata.annotations ?? {}).toEqual({});
  });
});

describe("the commands that change a ServiceAccount", () => {
  const namespace = "commands";
  const target = withWorld(async () => {
    const { api } = world();
    await api.kubectl(["create", "namespace", namespace]);
    await accountIsThere(namespace);
    return { context: "lab", cluster: await kubeSystemUid(api), namespace };
  });
  const run = (command: string) =>
    execa("/bin/sh", ["-c", command], {
      input: world().api.kubeconfig,
      env: { PATH: world().stack.env.PATH },
      reject: false,
      all: true,
    });
  const placing = async (secret: string) => {
    const mark = pullSecretMark(secret, await account(world().api, namespace));
    return run(serviceAccountCommands(secret, mark, target()).create);
  };

  it("lose no entry when others write the list at the same time", async () => {
    await setList(["by-hand"], namespace);
    const names = (whose: string) => Array.from({ length: 6 }, (_, i) => `${whose}-${i}`);
    const commands = names("ours").map(placing);
    for (const name of names("theirs")) {
      const patch = JSON.stringify([{ op: "add", path: "/imagePullSecrets/-", value: { name } }]);
      await world().api.kubectl(["patch", "serviceaccount", "default", "-n", namespace, "--type=json", "-p", patch]);
    }
    for (const { exitCode, all } of await Promise.all(commands)) expect(exitCode, all).toBe(0);
    const after = await listed(world().api, namespace);
    expect(after).toEqual(["by-hand", ...names("ours"), ...names("theirs")]);
  });

  it("wait until the ServiceAccount exists", async () => {
    await using bare = await startApiServer();
    await bare.kubectl(["create", "namespace", namespace]);
    const cluster = await kubeSystemUid(bare);
    const waiting = execa("/bin/sh", ["-c", awaitServiceAccount({ ...target(), cluster })], {
      input: bare.kubeconfig,
      env: { PATH: world().stack.env.PATH },
    });
    await sleep(1500);
    expect(waiting.exitCode).toBeNull();
    await bare.kubectl(["create", "serviceaccount", "default", "-n", namespace]);
    expect((await waiting).exitCode).toBe(0);
  });

  it("say that the namespace is missing", async () => {
    const { all, exitCode } = await run(awaitServiceAccount({ ...target(), namespace: "nowhere" }));
    expect([exitCode, all]).toEqual([
      1,
      "error: the cluster has no namespace nowhere; make it, and run again: kubectl create namespace nowhere",
    ]);
  });

  it("change nothing in another cluster, and say so", async () => {
    await placing("kept");
    const before = await account(world().api, namespace);
    const another = { ...target(), cluster: "the UID of another" };
    const commands = serviceAccountCommands("kept", "a mark", another);
    for (const command of [awaitServiceAccount(another), commands.create, commands.delete]) {
      const { all, exitCode } = await run(command);
      expect([exitCode, all]).toEqual([1, expect.stringContaining("the context leads to another cluster")]);
      expect(all).toContain("ServiceAccount default in namespace commands was not touched");
    }
    expect(await account(world().api, namespace)).toEqual(before);
  });
});

/** Its controller makes it a moment after the namespace. */
async function accountIsThere(namespace: string): Promise<void> {
  const isThere = () => account(world().api, namespace).then(Boolean, () => false);
  await vi.waitUntil(isThere, { timeout: 60_000, interval: 100 });
}

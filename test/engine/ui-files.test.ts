import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { uiConfigMap, uiFilesCommands } from "../../hosts/cluster/ui-files.ts";
import { builtUi } from "../../hosts/sending/built-ui.ts";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { kubernetes } from "../../lab/cluster/kubernetes.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { forgetCluster, kubeSystemUid } from "./kube-system.ts";

const checkout = join(import.meta.dirname, "../..");

const program = `
  import * as pulumi from "@pulumi/pulumi";
  import { KubernetesCluster, stackCluster } from "${checkout}/components/kubernetes-cluster.ts";
  import { UiFiles } from "${checkout}/components/ui-files.ts";
  const cluster = new KubernetesCluster("cluster", stackCluster());
  const namespace = new pulumi.Config().require("namespace");
  export const { configMap } = new UiFiles("page", { cluster, namespace });`;

let folder: string;
let project: string;
let path: string;
let first: ApiServer;
let second: ApiServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ui-files-"));
  project = join(folder, "project");
  await mkdir(join(project, "ui/dist"), { recursive: true });
  const options = { typescript: false, nodeargs: "--import tsx" };
  await writeFile(join(project, "Pulumi.yaml"), stringify({ name: "page", runtime: { name: "nodejs", options } }));
  await writeFile(join(project, "package.json"), '{ "type": "module", "main": "index.ts" }');
  await writeFile(join(project, "index.ts"), program);
  await symlink(join(checkout, "node_modules"), join(project, "node_modules"));
  path = `${dirname(await goBinary(kubernetes("kubectl")))}:${process.env.PATH}`;
  [first, second] = await Promise.all([startApiServer(), startApiServer()]);
});
afterAll(async () => {
  for (const each of [first, second]) await each?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const build = (text: string) =>
  Promise.all(
    ["index.html", "app.js", "app.css"].map((name) => writeFile(join(project, "ui/dist", name), `${name} ${text}`)),
  );
const pages = async (cluster: ApiServer, namespace = "default") => {
  const names = await cluster.kubectl(["get", "configmaps", "-n", namespace, "-o", "name"]);
  return names.split("\n").filter((name) => name.includes("registry-ui-"));
};

describe("the ui in a cluster", () => {
  let stack: PulumiStack;
  let temporary: string;
  beforeAll(async () => {
    stack = await startStack({ name: "page", projectDir: project, config: { namespace: "default" } });
    stack.env.PATH = `${dirname(await goBinary(kubernetes("kubectl")))}:${stack.env.PATH}`;
    temporary = join(folder, "temporary");
    await mkdir(temporary);
    stack.env.TMPDIR = temporary;
    await stack.setSecret("kubernetes:kubeconfig", first.kubeconfig);
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  it("must be built before anything is created", async () => {
    await expect(stack.preview()).rejects.toThrow(
      "stack page: variant.ui builtin: ui/dist holds no built files of the ui; build them: npm run build:ui",
    );
  });

  it("is complete in the cluster after up, and its text is not in the state", async () => {
    await build("of the first day");
    await stack.up();
    const name = String((await stack.outputs()).configMap);
    expect(await pages(first)).toEqual([`configmap/${name}`]);
    const { data } = JSON.parse(await first.kubectl(["get", "configmap", name, "-o", "json"]));
    expect(data).toEqual({
      "app.css": "app.css of the first day",
      "app.js": "app.js of the first day",
      "index.html": "index.html of the first day",
    });
    expect(JSON.stringify(await stack.exportState({ showSecrets: true }))).not.toContain("of the first day");
    await stack.preview({ expectNoChanges: true });
  });

  it("writes the kubeconfig's token neither into the state nor into a file", async () => {
    const token = first.kubeconfig.match(/token: (\S+)/)?.[1] ?? "no token";
    const state = JSON.stringify(await stack.exportState());
    expect(state).toContain("page-files");
    expect(state).not.toContain(token);
    expect(JSON.stringify(await stack.exportState({ showSecrets: true }))).toContain(token);
    expect((await readdir(temporary)).filter((name) => name.startsWith("tmp."))).toEqual([]);
  });

  it("is replaced by another build", async () => {
    const [before] = await pages(first);
    await build("of the second day");
    await stack.up();
    const after = await pages(first);
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
  });

  it("moves to another cluster only after the first one's objects were removed from the state", async () => {
    const before = await pages(first);
    await stack.setSecret("kubernetes:kubeconfig", second.kubeconfig);
    await forgetCluster(stack, stack.up());
    expect(await pages(second)).toEqual([]);
    await stack.up();
    expect(await pages(first)).toEqual(before);
    expect(await pages(second)).toHaveLength(1);
  });

  it("is deleted with the stack", async () => {
    await stack.destroy();
    expect(await pages(second)).toEqual([]);
  });
});

describe("the commands that write and delete it", () => {
  const target = { context: "lab", cluster: "", namespace: "default" };
  beforeAll(async () => {
    await build("of any day");
    target.cluster = await kubeSystemUid(first);
  });
  const page = () => builtUi(join(project, "ui/dist"));
  const run = (command: string, input: string, env: NodeJS.ProcessEnv = {}) =>
    execa("/bin/sh", ["-c", command], { input, env: { PATH: path, ...env }, reject: false, all: true });

  it.each([
    ["as text", () => first.kubeconfig],
    ["as a path", () => first.kubeconfigFile],
  ])("take a kubeconfig %s", async (_, kubeconfig) => {
    const commands = uiFilesCommands(page(), target);
    expect((await run(commands.create, kubeconfig())).all).toContain("serverside-applied");
    expect(await pages(first)).toContain(`configmap/${uiConfigMap(page())}`);
    expect((await run(commands.delete, kubeconfig())).exitCode).toBe(0);
    expect(await pages(first)).not.toContain(`configmap/${uiConfigMap(page())}`);
  });

  it("accept a kubeconfig path below the home folder", async () => {
    await copyFile(first.kubeconfigFile, join(folder, "config"));
    const { create } = uiFilesCommands(page(), target);
    const { all, exitCode } = await execa("/bin/sh", ["-c", create], {
      input: "~/config",
      env: { PATH: path, HOME: folder },
      all: true,
    });
    expect([exitCode, all]).toEqual([0, expect.stringContaining("serverside-applied")]);
  });

  it("say that the namespace is missing", async () => {
    const { create } = uiFilesCommands(page(), { ...target, namespace: "nowhere" });
    const { all, exitCode } = await run(create, first.kubeconfig);
    expect(exitCode).toBe(1);
    expect(all).toBe("error: the cluster has no namespace nowhere; have the stack make it again: pulumi up --refresh");
  });

  it("say that kubectl is missing", async () => {
    const { all, exitCode } = await run(uiFilesCommands(page(), target).create, first.kubeconfig, { PATH: folder });
    expect(exitCode).toBe(1);
    expect(all).toContain("error: kubectl is not on this machine's PATH");
  });

  it("change nothing in another cluster, and say so", async () => {
    await run(uiFilesCommands(page(), target).create, first.kubeconfig);
    const before = await first.kubectl(["get", "configmaps", "-o", "yaml"]);
    const { create, delete: remove } = uiFilesCommands(page(), { ...target, cluster: "the UID of another" });
    for (const command of [create, remove]) {
      const { all, exitCode } = await run(command, first.kubeconfig);
      expect([exitCode, all]).toEqual([1, expect.stringContaining("error: the context leads to another cluster")]);
    }
    expect(await first.kubectl(["get", "configmaps", "-o", "yaml"])).toBe(before);
  });

  describe("where the cluster does not answer", () => {
    const nowhere = () => first.kubeconfig.replace(/server: .*/, "server: https://127.0.0.1:1");
    const remove = (deleteUnreachable?: boolean) => uiFilesCommands(page(), { ...target, deleteUnreachable }).delete;

    it("fail, so that the state keeps the cluster's objects", async () => {
      const { all, exitCode } = await run(remove(), nowhere());
      expect([exitCode, all]).toEqual([1, expect.stringContaining("error: the cluster does not answer")]);
    });

    it.each([
      ["the stack", true, {}],
      ["PULUMI_K8S_DELETE_UNREACHABLE", undefined, { PULUMI_K8S_DELETE_UNREACHABLE: "true" }],
    ])("give it up where %s says so", async (_, deleteUnreachable, env) => {
      const { all, exitCode } = await run(remove(deleteUnreachable), nowhere(), env);
      expect([exitCode, all]).toEqual([0, expect.stringContaining("is left in it")]);
    });
  });
});

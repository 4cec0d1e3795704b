import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { builtPage } from "../../hosts/built-page.ts";
import { pageCommands, pageConfigMap } from "../../hosts/ui-page.ts";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { kubernetes } from "../../lab/cluster/kubernetes.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { goBinary } from "../../lab/go-build.ts";

const checkout = join(import.meta.dirname, "../..");

const program = `
  import * as pulumi from "@pulumi/pulumi";
  import { KubernetesCluster, stackCluster } from "${checkout}/components/kubernetes-cluster.ts";
  import { UiPage } from "${checkout}/components/ui-page.ts";
  const cluster = new KubernetesCluster("cluster", stackCluster());
  const namespace = new pulumi.Config().require("namespace");
  export const { configMap } = new UiPage("page", { cluster, namespace });`;

let folder: string;
let project: string;
let path: string;
let first: ApiServer;
let second: ApiServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ui-page-"));
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

describe("the page in a cluster", () => {
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

  it("is asked for before anything is made", async () => {
    await expect(stack.preview()).rejects.toThrow(
      "stack page: variant.ui builtin: ui/dist holds no built page; build it: npm run build:ui",
    );
  });

  it("is there after up, whole, and not in the state", async () => {
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

  it("leaves the kubeconfig's token neither in the state nor in a file", async () => {
    const token = first.kubeconfig.match(/token: (\S+)/)?.[1] ?? "no token";
    const state = JSON.stringify(await stack.exportState());
    expect(state).toContain("page-files");
    expect(state).not.toContain(token);
    expect(JSON.stringify(await stack.exportState({ showSecrets: true }))).toContain(token);
    expect((await readdir(temporary)).filter((name) => name.startsWith("tmp."))).toEqual([]);
  });

  it("gives way to another build of it", async () => {
    const [before] = await pages(first);
    await build("of the second day");
    await stack.up();
    const after = await pages(first);
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
  });

  it("follows the stack to a cluster in the place of the first", async () => {
    await stack.setSecret("kubernetes:kubeconfig", second.kubeconfig);
    await stack.up();
    expect(await pages(second)).toHaveLength(1);
  });

  it("goes with the stack", async () => {
    await stack.destroy();
    expect(await pages(second)).toEqual([]);
  });
});

describe("the commands that bring it there", () => {
  beforeAll(() => build("of any day"));
  const place = { context: "lab", cluster: "", namespace: "default" };
  const page = () => builtPage(join(project, "ui/dist"));
  const run = (command: string, input: string, PATH = path) =>
    execa("/bin/sh", ["-c", command], { input, env: { PATH }, reject: false, all: true });

  it.each([
    ["as text", () => first.kubeconfig],
    ["as a path", () => first.kubeconfigFile],
  ])("take a kubeconfig %s", async (_, kubeconfig) => {
    const cluster = await first.kubectl(["get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}"]);
    const commands = pageCommands(page(), { ...place, cluster });
    expect((await run(commands.create, kubeconfig())).all).toContain("serverside-applied");
    expect(await pages(first)).toContain(`configmap/${pageConfigMap(page())}`);
    expect((await run(commands.delete, kubeconfig())).exitCode).toBe(0);
    expect(await pages(first)).not.toContain(`configmap/${pageConfigMap(page())}`);
  });

  it("take a path below the home folder", async () => {
    await copyFile(first.kubeconfigFile, join(folder, "config"));
    const { create } = pageCommands(page(), place);
    const { all, exitCode } = await execa("/bin/sh", ["-c", create], {
      input: "~/config",
      env: { PATH: path, HOME: folder },
      all: true,
    });
    expect([exitCode, all]).toEqual([0, expect.stringContaining("serverside-applied")]);
  });

  it("say that the namespace is missing", async () => {
    const { create } = pageCommands(page(), { ...place, namespace: "nowhere" });
    const { all, exitCode } = await run(create, first.kubeconfig);
    expect(exitCode).toBe(1);
    expect(all).toBe("error: the cluster has no namespace nowhere; have the stack make it again: pulumi up --refresh");
  });

  it("say that kubectl is missing", async () => {
    const { all, exitCode } = await run(pageCommands(page(), place).create, first.kubeconfig, folder);
    expect(exitCode).toBe(1);
    expect(all).toContain("error: kubectl is not on this machine's PATH");
  });

  it("leave another cluster's page alone", async () => {
    const commands = pageCommands(page(), { ...place, cluster: "the one before" });
    await run(commands.create, first.kubeconfig);
    const { all } = await run(commands.delete, first.kubeconfig);
    expect(all).toBe("nothing to remove: the cluster is another");
    expect(await pages(first)).toContain(`configmap/${pageConfigMap(page())}`);
  });

  it("end where the cluster is gone", async () => {
    const { all, exitCode } = await run(
      pageCommands(page(), place).delete,
      first.kubeconfig.replace(/server: .*/, "server: https://127.0.0.1:1"),
    );
    expect(exitCode).toBe(0);
    expect(all).toContain("the cluster does not answer");
  });
});

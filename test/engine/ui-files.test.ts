import { copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { uiConfigMap, uiFilesCommands } from "../../hosts/cluster/ui-files.ts";
import { builtUi } from "../../hosts/sending/built-ui.ts";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { kubernetes } from "../../lab/cluster/kubernetes.ts";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { temporaryFolder, withWorld } from "../with-world.ts";
import { forgetCluster, kubeSystemUid } from "./kube-system.ts";
import { step } from "./step.ts";

const checkout = join(import.meta.dirname, "../..");

const program = `
  import * as pulumi from "@pulumi/pulumi";
  import { KubernetesCluster, stackCluster } from "${checkout}/components/kubernetes-cluster.ts";
  import { UiFiles } from "${checkout}/components/ui-files.ts";
  const cluster = new KubernetesCluster("cluster", stackCluster());
  const namespace = new pulumi.Config().require("namespace");
  export const { configMap } = new UiFiles("page", { cluster, namespace, directory: "ui/dist" });`;

const world = withWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "ui-files");
  const path = `${dirname(await goBinary(kubernetes("kubectl")))}:${process.env.PATH}`;
  const first = cleanup.use(await startApiServer());
  const second = cleanup.use(await startApiServer());
  return { folder, path, first, second };
});

/** Makes a project whose program writes the ui that is built in it. */
async function newProject(name: string): Promise<string> {
  const project = join(world().folder, name);
  await mkdir(join(project, "ui/dist"), { recursive: true });
  const options = { typescript: false, nodeargs: "--import tsx" };
  await writeFile(join(project, "Pulumi.yaml"), stringify({ name: "page", runtime: { name: "nodejs", options } }));
  await writeFile(join(project, "package.json"), '{ "type": "module", "main": "index.ts" }');
  await writeFile(join(project, "index.ts"), program);
  await symlink(join(checkout, "node_modules"), join(project, "node_modules"));
  return project;
}

const build = (project: string, text: string) =>
  Promise.all(
    ["index.html", "app.js", "app.css"].map((name) => writeFile(join(project, "ui/dist", name), `${name} ${text}`)),
  );
const pages = async (cluster: ApiServer, namespace = "default") => {
  const names = await cluster.kubectl(["get", "configmaps", "-n", namespace, "-o", "name"]);
  return names.split("\n").filter((name) => name.includes("registry-ui-"));
};

const started = withWorld(async ({ use }) => {
  const { folder, first } = world();
  const project = await newProject("story");
  const stack = use(await startStack({ name: "page", projectDir: project, config: { namespace: "default" } }));
  stack.env.PATH = `${dirname(await goBinary(kubernetes("kubectl")))}:${stack.env.PATH}`;
  const temporary = join(folder, "temporary");
  await mkdir(temporary);
  stack.env.TMPDIR = temporary;
  await stack.setSecret("kubernetes:kubeconfig", first.kubeconfig);
  return { project, stack, temporary };
});

it("the ui in a cluster › is written as built, moved to another cluster and deleted, and is in no state", {
  timeout: 720_000,
}, async () => {
  const { stack, temporary } = started();
  const { first, second } = world();

  await step("must be built before anything is created", async () => {
    await expect(stack.preview()).rejects.toThrow(
      "stack page: variant.ui builtin: ui/dist holds no built files of the ui; build them: npm run build:ui",
    );
  });

  await step("is complete in the cluster after up, and its text is not in the state", async () => {
    await build(started().project, "of the first day");
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

  await step("writes the kubeconfig's token neither into the state nor into a file", async () => {
    const token = first.kubeconfig.match(/token: (\S+)/)?.[1] ?? "no token";
    const state = JSON.stringify(await stack.exportState());
    expect(state).toContain("page-files");
    expect(state).not.toContain(token);
    expect(JSON.stringify(await stack.exportState({ showSecrets: true }))).toContain(token);
    expect((await readdir(temporary)).filter((name) => name.startsWith("tmp."))).toEqual([]);
  });

  await step("is replaced by another build", async () => {
    const [before] = await pages(first);
    await build(started().project, "of the second day");
    await stack.up();
    const after = await pages(first);
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
  });

  await step("moves to another cluster only after the first one's objects were removed from the state", async () => {
    const before = await pages(first);
    await stack.setSecret("kubernetes:kubeconfig", second.kubeconfig);
    await forgetCluster(stack, stack.up());
    expect(await pages(second)).toEqual([]);
    await stack.up();
    expect(await pages(first)).toEqual(before);
    expect(await pages(second)).toHaveLength(1);
  });

  await step("is deleted with the stack", async () => {
    await stack.destroy();
    expect(await pages(second)).toEqual([]);
  });
});

describe("the commands that write and delete it", () => {
  const namespace = "commands";
  const commands = withWorld(async () => {
    const { first } = world();
    const project = await newProject("commands");
    await build(project, "of any day");
    await first.kubectl(["create", "namespace", namespace]);
    return { project, target: { context: "lab", cluster: await kubeSystemUid(first), namespace } };
  });
  const page = () => builtUi(join(commands().project, "ui/dist"));
  const run = (command: string, input: string, env: NodeJS.ProcessEnv = {}) =>
    execa("/bin/sh", ["-c", command], { input, env: { PATH: world().path, ...env }, reject: false, all: true });

  it.each([
    ["as text", () => world().first.kubeconfig],
    ["as a path", () => world().first.kubeconfigFile],
  ])("take a kubeconfig %s", async (_, kubeconfig) => {
    const { create, delete: remove } = uiFilesCommands(page(), commands().target);
    expect((await run(create, kubeconfig())).all).toContain("serverside-applied");
    expect(await pages(world().first, namespace)).toContain(`configmap/${uiConfigMap(page())}`);
    expect((await run(remove, kubeconfig())).exitCode).toBe(0);
    expect(await pages(world().first, namespace)).not.toContain(`configmap/${uiConfigMap(page())}`);
  });

  it("accept a kubeconfig path below the home folder", async () => {
    await copyFile(world().first.kubeconfigFile, join(world().folder, "config"));
    const { create } = uiFilesCommands(page(), commands().target);
    const { all, exitCode } = await execa("/bin/sh", ["-c", create], {
      input: "~/config",
      env: { PATH: world().path, HOME: world().folder },
      all: true,
    });
    expect([exitCode, all]).toEqual([0, expect.stringContaining("serverside-applied")]);
  });

  it("say that the namespace is missing", async () => {
    const { create } = uiFilesCommands(page(), { ...commands().target, namespace: "nowhere" });
    const { all, exitCode } = await run(create, world().first.kubeconfig);
    expect(exitCode).toBe(1);
    expect(all).toBe("error: the cluster has no namespace nowhere; have the stack make it again: pulumi up --refresh");
  });

  it("say that kubectl is missing", async () => {
    const { all, exitCode } = await run(uiFilesCommands(page(), commands().target).create, world().first.kubeconfig, {
      PATH: world().folder,
    });
    expect(exitCode).toBe(1);
    expect(all).toContain("error: kubectl is not on this machine's PATH");
  });

  it("change nothing in another cluster, and say so", async () => {
    await run(uiFilesCommands(page(), commands().target).create, world().first.kubeconfig);
    const before = await world().first.kubectl(["get", "configmaps", "-n", namespace, "-o", "yaml"]);
    const { create, delete: remove } = uiFilesCommands(page(), { ...commands().target, cluster: "the UID of another" });
    for (const command of [create, remove]) {
      const { all, exitCode } = await run(command, world().first.kubeconfig);
      expect([exitCode, all]).toEqual([1, expect.stringContaining("error: the context leads to another cluster")]);
    }
    expect(await world().first.kubectl(["get", "configmaps", "-n", namespace, "-o", "yaml"])).toBe(before);
  });

  describe("where the cluster does not answer", () => {
    const nowhere = () => world().first.kubeconfig.replace(/server: .*/, "server: https://127.0.0.1:1");
    const remove = (deleteUnreachable?: boolean) =>
      uiFilesCommands(page(), { ...commands().target, deleteUnreachable }).delete;

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

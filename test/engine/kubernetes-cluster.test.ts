import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { temporaryFolder, withWorld } from "../with-world.ts";
import { forgetCluster } from "./kube-system.ts";
import { builtProject } from "./projects.ts";
import { step } from "./step.ts";

const projectDir = builtProject("cluster");
const world = withWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "kubernetes-cluster");
  const first = cleanup.use(await startApiServer());
  const second = cleanup.use(await startApiServer());
  const config = { "kubernetes:kubeconfig": join(folder, "kubeconfig") };
  return { folder, first, second, stack: cleanup.use(await startStack({ name: "cluster", projectDir, config })) };
});

const inNamespace = ["--namespace", "dso"];
const nameCluster = (cluster: ApiServer) => copyFile(cluster.kubeconfigFile, join(world().folder, "kubeconfig"));
const note = (cluster: ApiServer) =>
  cluster.kubectl(["get", "configmap", "note", ...inNamespace, "--ignore-not-found", "--output=jsonpath={.data.text}"]);

it("a stack in a cluster › finds its objects again, and loses none to another cluster, another stack or a failed up", {
  timeout: 900_000,
}, async () => {
  const { first, second, stack } = world();

  await step(
    "a cluster that replaces another › gets all objects once the other's are removed from the state",
    async () => {
      await nameCluster(first);
      await stack.up();
      expect(await note(first)).toBe("a note");
      await stack.preview({ expectNoChanges: true });

      // As after `kind delete cluster && kind create cluster`: same file, same context, another cluster.
      await nameCluster(second);
      await forgetCluster(stack, stack.up());
      expect(await note(second)).toBe("");
      await stack.up();
      expect(await note(second)).toBe("a note");
      await stack.preview({ expectNoChanges: true });
    },
  );

  await step("an object that an interrupted up has created › is adopted by the next up", async () => {
    // What is in the cluster now is in no state.
    await stack.importState(withoutNote(await stack.exportState()));
    await stack.up();
    await stack.preview({ expectNoChanges: true });
  });

  await step("another stack in the same namespace › gets an error before it takes anything over", async () => {
    const config = { "kubernetes:kubeconfig": second.kubeconfig, variant: { deleteData: true } };
    await using other = await startStack({ name: "other", projectDir, config });
    await expect(other.up()).rejects.toThrow(
      "the registry in namespace dso belongs to the stack cluster/cluster (owner ",
    );
    const created = await names(other);
    expect(created).toContain("registry-namespace");
    expect(created).not.toContain("note");
    await stack.preview({ expectNoChanges: true });

    await other.destroy();
    expect(await second.kubectl(["get", "namespace", "dso", "--output", "jsonpath={.status.phase}"])).toBe("Active");
    await second.kubectl(["get", "configmap", "note", ...inNamespace]);
  });

  await step("a claim that cannot be changed › makes up fail, and is not deleted even with deleteData", async () => {
    const deleteData = { deleteData: true };
    await stack.setConfig({ variant: deleteData });
    await stack.up();
    const before = await claim();
    await stack.setConfig({ variant: { ...deleteData, storage: { kind: "volume", accessMode: "ReadWriteMany" } } });
    await expect(stack.up()).rejects.toThrow("is immutable after creation");
    expect(await claim()).toBe(before);
    await stack.setConfig({ variant: deleteData });
    await stack.preview({ expectNoChanges: true });
  });

  await step("a cluster that does not answer › makes the preview fail with an error that says so", async () => {
    await second[Symbol.asyncDispose]();
    await expect(stack.preview()).rejects.toThrow("configured Kubernetes cluster is unreachable");
  });
});

it("a cluster that does not answer › makes destroy and refresh fail, and its objects stay in the state", async () => {
  const stopped = await startApiServer();
  await using stack = await startStack({
    name: "unreachable",
    projectDir,
    config: { "kubernetes:kubeconfig": stopped.kubeconfig },
  });
  await stack.up();
  await stopped[Symbol.asyncDispose]();
  const unreachable = "configured Kubernetes cluster is unreachable";
  for (const command of [() => stack.destroy(), () => stack.refresh()]) {
    await expect(command()).rejects.toThrow(unreachable);
    expect(await names(stack)).toContain("note");
  }
  // The step that the provider names.
  await stack.destroy({ env: { PULUMI_K8S_DELETE_UNREACHABLE: "true" } });
  expect(await names(stack)).toEqual([]);
});

it("a cluster that does not answer › is removed from the state by destroy with deleteUnreachable, as each preview warns", async () => {
  const stopped = await startApiServer();
  await using stack = await startStack({
    name: "given-up",
    projectDir,
    config: { "kubernetes:kubeconfig": stopped.kubeconfig, "kubernetes:deleteUnreachable": true },
  });
  const { stdout } = await stack.preview();
  expect(stdout).toContain("warning: kubernetes:deleteUnreachable is true");
  await stack.up();
  await stopped[Symbol.asyncDispose]();
  await stack.destroy();
  expect(await names(stack)).toEqual([]);
});

/** What the state holds, by name. */
async function names(stack: PulumiStack): Promise<(string | undefined)[]> {
  const { resources = [] } = Object(Object(await stack.exportState()).deployment);
  return resources.map(({ urn }: { urn: string }) => urn.split("::").at(-1));
}

/** What the claim is, and since when it is to go: nothing where it is to stay. */
function claim(): Promise<string> {
  const path = "jsonpath={.metadata.uid} {.spec.accessModes} {.metadata.deletionTimestamp}";
  return world().second.kubectl(["get", "persistentvolumeclaim", "registry", ...inNamespace, "--output", path]);
}

function withoutNote(state: unknown): unknown {
  const { deployment, ...rest } = state as { deployment: { resources: { urn: string }[] } };
  const resources = deployment.resources.filter(({ urn }) => !urn.endsWith("::note"));
  return { ...rest, deployment: { ...deployment, resources } };
}

import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { temporaryFolder, withWorld } from "../with-world.ts";
import { builtProject } from "./projects.ts";
import { step } from "./step.ts";

const projectDir = builtProject("cluster");

/** Without the last one no claim ever goes. */
const controllers = ["garbage-collector", "namespace", "persistentvolumeclaim-protection"].map(
  (name) => `${name}-controller`,
);

const world = withWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "another-cluster");
  const first = cleanup.use(await startApiServer({ controllers }));
  const second = cleanup.use(await startApiServer({ controllers }));
  const variant = { deleteData: true };
  const started = async (name: string, config: Record<string, unknown>) =>
    cleanup.use(await startStack({ projectDir, name, config: { ...config, variant } }));
  await copyFile(first.kubeconfigFile, join(folder, "kubeconfig"));
  /** Made in the first cluster; its context then leads to the second one. */
  const config = { "kubernetes:kubeconfig": join(folder, "kubeconfig"), "kubernetes:context": "lab" };
  const stack = await started("one", config);
  /** Made in the second cluster, under the same names. */
  const other = await started("two", { "kubernetes:kubeconfig": second.kubeconfig });
  await stack.up();
  await other.up();
  return { folder, first, second, stack };
});

/** Has the context of the first stack lead to a cluster, as after `kubectl config set-context`. */
const leadTo = (cluster: ApiServer) => copyFile(cluster.kubeconfigFile, join(world().folder, "kubeconfig"));

/** Every object that a stack has in a cluster, and since when: another UID is another object. */
const contents = async (cluster: ApiServer) => {
  const path = "{range .items[*]}{.kind}/{.metadata.name} {.metadata.uid} {.metadata.deletionTimestamp}{'\\n'}{end}";
  const kinds = "configmaps,persistentvolumeclaims,secrets";
  const [namespace, objects] = await Promise.all([
    cluster.kubectl(["get", "namespaces", `--output=jsonpath=${path}`]),
    cluster.kubectl(["get", kinds, "--namespace=dso", `--output=jsonpath=${path}`]),
  ]);
  return `${namespace}\n${objects}`;
};
const uid = (cluster: ApiServer) =>
  cluster.kubectl(["get", "namespace", "kube-system", "--output=jsonpath={.metadata.uid}"]);
const names = async (of: PulumiStack) => {
  const { resources } = Object(Object(await of.exportState()).deployment);
  return resources.map(({ urn }: { urn: string }) => urn.split("::").at(-1));
};

/** By the program where it runs, by the CA of the stack's own cluster where it does not. */
const allFail = async () => {
  const unreachable = "configured Kubernetes cluster is unreachable";
  await expect(world().stack.up()).rejects.toThrow("context lab leads to another cluster");
  await expect(world().stack.refresh()).rejects.toThrow(unreachable);
  await expect(world().stack.destroy()).rejects.toThrow(unreachable);
};

it("a stack whose context leads to another stack's cluster › changes nothing there, and continues in its own", {
  timeout: 900_000,
}, async () => {
  const { first, second, stack } = world();

  await step(
    "fails in preview, up and a destroy that runs the program, with both clusters and the next step",
    async () => {
      const before = [await contents(first), await contents(second)];
      expect(before[1]).toContain("ConfigMap/note");
      await leadTo(second);
      const uids = [await uid(first), await uid(second)];
      const destroy = () => stack.destroy({ flags: ["--run-program"] });
      for (const refused of [() => stack.preview(), () => stack.up(), destroy]) {
        const { message } = await refused().catch((error) => error);
        for (const text of [...uids, "pulumi state delete --target-dependents"]) expect(message).toContain(text);
      }
      expect([await contents(first), await contents(second)]).toEqual(before);
      expect(await names(stack)).toContain("note");
    },
  );

  await step("refreshes from its own cluster", async () => {
    const before = await contents(second);
    await first.kubectl(["delete", "configmap", "note", "--namespace=dso"]);
    await stack.refresh();
    expect(await names(stack)).not.toContain("note");
    expect(await contents(second)).toBe(before);
  });

  await step("goes on once the context leads to its own cluster again", async () => {
    await leadTo(first);
    await stack.up();
    expect(await contents(first)).toContain("ConfigMap/note");
    await stack.preview({ expectNoChanges: true });
  });

  await step("is destroyed in its own cluster, and deletes nothing in the other", async () => {
    const before = await contents(second);
    await leadTo(second);
    await stack.destroy();
    expect(await contents(second)).toBe(before);
    expect(await contents(first)).not.toContain("Namespace/dso");
    await leadTo(first);
    await stack.up();
  });

  await step("keeps its state where its own cluster does not answer, and deletes nothing in the other", async () => {
    const before = await contents(second);
    await first[Symbol.asyncDispose]();
    await leadTo(second);
    await allFail();
    expect(await contents(second)).toBe(before);
    expect(await names(stack)).toContain("note");
  });

  await step("loses nothing to another cluster at the address of its own by up, refresh or destroy", async () => {
    await using third = await startApiServer({ port: first.port });
    await using guest = await startStack({
      name: "three",
      projectDir,
      config: { "kubernetes:kubeconfig": third.kubeconfig, variant: { deleteData: true } },
    });
    await guest.up();
    const before = await contents(third);
    await leadTo(third);
    await allFail();
    expect(await contents(third)).toBe(before);
    expect(before).toContain("ConfigMap/note");
    expect(await names(stack)).toContain("note");
  });
});

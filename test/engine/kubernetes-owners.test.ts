import { expect, it } from "vitest";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../with-world.ts";
import { failedUp, otherOwnerError, ownerOf, renamed, type State, without } from "./owners.ts";
import { builtProject } from "./projects.ts";
import { step } from "./step.ts";

/** Clones of one repository, each with a stack `prod` in a backend of its own, and one cluster. */
const world = withWorld(async ({ use }) => {
  const api = use(await startApiServer());
  const clone = async (config: Record<string, unknown> = {}) => {
    const projectDir = builtProject("cluster");
    const kubeconfig = { "kubernetes:kubeconfig": api.kubeconfig };
    return use(await startStack({ name: "prod", projectDir, config: { ...kubeconfig, ...config } }));
  };
  return { api, clone, ours: await clone(), theirs: await clone() };
});

it("two stacks of one name with one namespace › keep their registries apart, until another takes over from a lost state", {
  timeout: 1_200_000,
}, async () => {
  const { api, clone, ours, theirs } = world();

  await step("are different owners: the second gets an error, and the first one's objects stay", async () => {
    await ours.up();
    const before = await everything();
    const refused = `the registry in namespace dso ${otherOwnerError("cluster/prod", await ownerOf(ours), "another variant.namespace")}`;
    expect(await failedUp(theirs)).toContain(refused);
    expect(await everything()).toBe(before);
    await ours.preview({ expectNoChanges: true });
  });

  await step("leave each other's registry on destroy", async () => {
    const before = await everything();
    await theirs.destroy();
    expect(await everything()).toBe(before);
    await ours.preview({ expectNoChanges: true });
  });

  const crew = await renamed(ours, "crew");
  await step("keep their ownership when they are renamed", async () => {
    await crew.preview({ expectNoChanges: true });
    await crew.setConfig({ variant: { deleteData: true } });
    await crew.up();
    expect(await failedUp(theirs)).toContain(`(owner ${await ownerOf(crew)})`);
    await crew.setConfig({ variant: {} });
    await crew.up();
  });

  const takeOverFrom = [await ownerOf(crew)];
  const takers = await Promise.all([clone({ takeOverFrom }), clone({ takeOverFrom })]);
  const ups = await Promise.all(takers.map((stack) => stack.startUp().result));
  const taker = takers[ups.findIndex(({ exitCode }) => exitCode === 0)] ?? theirs;
  await step(
    "a stack whose state is lost › is taken over by the first of several stacks, and by no second one at the same time",
    async () => {
      expect(ups.map(({ exitCode }) => exitCode === 0).sort()).toEqual([false, true]);
      expect(await owner()).toBe(`cluster/prod ${await ownerOf(taker)}`);
      await taker.preview({ expectNoChanges: true });
    },
  );

  await step("a stack whose state is lost › is not taken over again by another stack that still names it", async () => {
    const third = await clone({ takeOverFrom: [await ownerOf(crew)] });
    expect(await failedUp(third)).toContain(`(owner ${await ownerOf(taker)})`);
    await third.destroy();
    expect(await owner()).toBe(`cluster/prod ${await ownerOf(taker)}`);
  });

  await step("a stack whose state is lost › gets an error in its next preview if its state is restored", async () => {
    await expect(crew.preview()).rejects.toThrow(`(owner ${await ownerOf(taker)})`);
  });

  await step("a stack whose state is lost › no longer needs takeOverFrom after the takeover", async () => {
    await taker.setConfig({ takeOverFrom: undefined });
    await taker.up();
    expect(await owner()).toBe(`cluster/prod ${await ownerOf(taker)}`);
    await taker.preview({ expectNoChanges: true });
  });

  await step(
    "a stack whose state is lost › is repaired by up --refresh when somebody deleted its owner label",
    async () => {
      await api.kubectl(["delete", "configmap", "registry-owner-id", ...inNamespace]);
      await expect(taker.preview()).rejects.toThrow("to be made again by: pulumi up --refresh");
      await taker.up({ flags: ["--refresh"] });
      expect(await owner()).toBe(`cluster/prod ${await ownerOf(taker)}`);
      await taker.preview({ expectNoChanges: true });
    },
  );

  await step(
    "a stack of a version before owner ids › claims the namespace that its state knows, and no other of its name gets it",
    async () => {
      const known = await ownerOf(taker);
      await toBeforeIds(taker);
      const fresh = await clone();
      expect(await failedUp(fresh)).toContain(
        "namespace dso holds the registry of another stack, whose name this prints: kubectl get",
      );
      const { output } = await taker.preview({ diff: true });
      expect(output).not.toMatch(/replaced|deleted/);
      await taker.up();
      expect(await ownerOf(taker)).not.toBe(known);
      expect(await owner()).toBe(`cluster/prod ${await ownerOf(taker)}`);
      await taker.preview({ expectNoChanges: true });
      expect(await failedUp(fresh)).toContain(`(owner ${await ownerOf(taker)})`);
    },
  );

  await step("destroy › leaves the namespace to the next stack", async () => {
    await taker.destroy();
    const next = await clone();
    await next.up();
    expect(await owner()).toBe(`cluster/prod ${await ownerOf(next)}`);
  });
});

const inNamespace = ["--namespace", "dso"];

/** The namespace and what is in it. */
async function everything(): Promise<string> {
  const path = "{range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.data}{'\\n'}{end}";
  const kinds = "configmaps,persistentvolumeclaims";
  const within = await world().api.kubectl(["get", kinds, ...inNamespace, "-o", `jsonpath=${path}`]);
  const namespace = await world().api.kubectl([
    "get",
    "namespace",
    "dso",
    "-o",
    "jsonpath={.metadata.uid} {.status.phase}",
  ]);
  return `${namespace}\n${within}`;
}

function owner(): Promise<string> {
  return world().api.kubectl(["get", "configmap", "registry-owner-id", ...inNamespace, "-o", "jsonpath={.data.owner}"]);
}

/** Puts state and cluster back to what they were when the namespace's owner label named only the stack. */
async function toBeforeIds(stack: PulumiStack): Promise<void> {
  const data = { stack: "cluster/prod" };
  const newer = /::(owner|registry-owner-(seen|id)|registry-owner-now.*)$/;
  const state = without((await stack.exportState()) as State, newer);
  for (const { urn, inputs, outputs } of state.deployment.resources)
    if (urn.endsWith("::registry-owner")) for (const each of [inputs, outputs]) Object.assign(each, { data });
  await stack.importState(state);
  await world().api.kubectl(["delete", "configmap", "registry-owner", "registry-owner-id", ...inNamespace]);
  const metadata = { name: "registry-owner", namespace: "dso" };
  const stackLabel = { apiVersion: "v1", kind: "ConfigMap", metadata, data, immutable: true };
  await world().api.kubectl(["create", "--filename", "-"], JSON.stringify(stackLabel));
}

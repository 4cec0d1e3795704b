import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiServer, startApiServer } from "../../lab/cluster/api-server.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { failedUp, otherOwnerError, ownerOf, renamed, type State, without } from "./owners.ts";

/** Clones of one repository, each with a stack `prod` in a backend of its own, and one cluster. */
let api: ApiServer;
let ours: PulumiStack;
let theirs: PulumiStack;
const stacks: PulumiStack[] = [];

beforeAll(async () => {
  api = await startApiServer();
  [ours, theirs] = await Promise.all([clone(), clone()]);
});
afterAll(async () => {
  for (const stack of stacks) await stack[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
});

// One story: each test goes on where the one before it ended.
describe("two stacks of one name with one namespace", { timeout: 300_000 }, () => {
  it("are different owners: the second gets an error, and the first one's objects stay", async () => {
    await ours.up();
    const before = await everything();
    const refused = `the registry in namespace dso ${otherOwnerError("cluster/prod", await ownerOf(ours), "another variant.namespace")}`;
    expect(await failedUp(theirs)).toContain(refused);
    expect(await everything()).toBe(before);
    await ours.preview({ expectNoChanges: true });
  });

  it("leave each other's registry on destroy", async () => {
    const before = await everything();
    await theirs.destroy();
    expect(await everything()).toBe(before);
    await ours.preview({ expectNoChanges: true });
  });

  it("keep their ownership when they are renamed", async () => {
    ours = await renamed(ours, "crew");
    await ours.preview({ expectNoChanges: true });
    await ours.setConfig({ variant: { deleteData: true } });
    await ours.up();
    expect(await failedUp(theirs)).toContain(`(owner ${await ownerOf(ours)})`);
    await ours.setConfig({ variant: {} });
    await ours.up();
  });
});

describe("a stack whose state is lost", { timeout: 300_000 }, () => {
  it("is taken over by the first of several stacks, and by no second one at the same time", async () => {
    const takeOverFrom = [await ownerOf(ours)];
    const takers = await Promise.all([clone({ takeOverFrom }), clone({ takeOverFrom })]);
    const ups = await Promise.all(takers.map((stack) => stack.startUp().result));
    expect(ups.map(({ exitCode }) => exitCode === 0).sort()).toEqual([false, true]);
    theirs = takers[ups.findIndex(({ exitCode }) => exitCode === 0)] ?? theirs;
    expect(await owner()).toBe(`cluster/prod ${await ownerOf(theirs)}`);
    await theirs.preview({ expectNoChanges: true });
  });

  it("is not taken over again by another stack that still names it", async () => {
    const third = await clone({ takeOverFrom: [await ownerOf(ours)] });
    expect(await failedUp(third)).toContain(`(owner ${await ownerOf(theirs)})`);
    await third.destroy();
    expect(await owner()).toBe(`cluster/prod ${await ownerOf(theirs)}`);
  });

  it("gets an error in its next preview if its state is restored", async () => {
    await expect(ours.preview()).rejects.toThrow(`(owner ${await ownerOf(theirs)})`);
  });

  it("no longer needs takeOverFrom after the takeover", async () => {
    await theirs.setConfig({ takeOverFrom: undefined });
    await theirs.up();
    expect(await owner()).toBe(`cluster/prod ${await ownerOf(theirs)}`);
    await theirs.preview({ expectNoChanges: true });
  });

  it("is repaired by up --refresh when somebody deleted its owner label", async () => {
    await api.kubectl(["delete", "configmap", "registry-owner-id", ...inNamespace]);
    await expect(theirs.preview()).rejects.toThrow("to be made again by: pulumi up --refresh");
    await theirs.up({ flags: ["--refresh"] });
    expect(await owner()).toBe(`cluster/prod ${await ownerOf(theirs)}`);
    await theirs.preview({ expectNoChanges: true });
  });
});

describe("a stack of a version before owner ids", { timeout: 300_000 }, () => {
  it("claims the namespace that its state knows, and no other of its name gets it", async () => {
    const known = await ownerOf(theirs);
    await toBeforeIds(theirs);
    const fresh = await clone();
    expect(await failedUp(fresh)).toContain(
      "namespace dso holds the registry of another stack, whose name this prints: kubectl get",
    );
    const { output } = await theirs.preview({ diff: true });
    expect(output).not.toMatch(/replaced|deleted/);
    await theirs.up();
    expect(await ownerOf(theirs)).not.toBe(known);
    expect(await owner()).toBe(`cluster/prod ${await ownerOf(theirs)}`);
    await theirs.preview({ expectNoChanges: true });
    expect(await failedUp(fresh)).toContain(`(owner ${await ownerOf(theirs)})`);
  });
});

it("destroy › leaves the namespace to the next stack", async () => {
  await theirs.destroy();
  const next = await clone();
  await next.up();
  expect(await owner()).toBe(`cluster/prod ${await ownerOf(next)}`);
});

const inNamespace = ["--namespace", "dso"];

async function clone(config: Record<string, unknown> = {}): Promise<PulumiStack> {
  const projectDir = join(import.meta.dirname, "cluster");
  const stack = await startStack({
    name: "prod",
    projectDir,
    config: { "kubernetes:kubeconfig": api.kubeconfig, ...config },
  });
  stacks.push(stack);
  return stack;
}

/** The namespace and what is in it. */
async function everything(): Promise<string> {
  const path = "{range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.data}{'\\n'}{end}";
  const kinds = "configmaps,persistentvolumeclaims";
  const within = await api.kubectl(["get", kinds, ...inNamespace, "-o", `jsonpath=${path}`]);
  const namespace = await api.kubectl(["get", "namespace", "dso", "-o", "jsonpath={.metadata.uid} {.status.phase}"]);
  return `${namespace}\n${within}`;
}

function owner(): Promise<string> {
  return api.kubectl(["get", "configmap", "registry-owner-id", ...inNamespace, "-o", "jsonpath={.data.owner}"]);
}

/** Puts state and cluster back to what they were when the namespace's owner label named only the stack. */
async function toBeforeIds(stack: PulumiStack): Promise<void> {
  const data = { stack: "cluster/prod" };
  const newer = /::(owner|registry-owner-(seen|id)|registry-owner-now.*)$/;
  const state = without((await stack.exportState()) as State, newer);
  for (const { urn, inputs, outputs } of state.deployment.resources)
    if (urn.endsWith("::registry-owner")) for (const each of [inputs, outputs]) Object.assign(each, { data });
  await stack.importState(state);
  await api.kubectl(["delete", "configmap", "registry-owner", "registry-owner-id", ...inNamespace]);
  const metadata = { name: "registry-owner", namespace: "dso" };
  const stackLabel = { apiVersion: "v1", kind: "ConfigMap", metadata, data, immutable: true };
  await api.kubectl(["create", "--filename", "-"], JSON.stringify(stackLabel));
}

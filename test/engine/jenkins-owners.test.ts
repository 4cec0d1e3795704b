import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { type LabJenkins, startJenkins } from "../../lab/jenkins/start-jenkins.ts";
import { failedUp, otherOwnerError, ownerOf, renamed, type State, without } from "./owners.ts";

/** Two teams' clones of the repository, each with a stack `prod` in a backend of its own, and one Jenkins. */
let jenkins: LabJenkins;
let ours: PulumiStack;
let theirs: PulumiStack;

beforeAll(async () => {
  jenkins = await startJenkins();
  [ours, theirs] = await Promise.all([clone("ours"), clone("theirs")]);
});
afterAll(async () => {
  for (const stack of [ours, theirs]) await stack?.[Symbol.asyncDispose]();
  await jenkins?.[Symbol.asyncDispose]();
});

// One story: each test goes on where the one before it ended.
describe("two stacks of one name with one Jenkins", { timeout: 300_000 }, () => {
  it("are different owners: the second gets an error with the other's id and the next step", async () => {
    await ours.up();
    const said = `container-registry ${otherOwnerError("container-registry/prod", await ownerOf(ours), "another id")}`;
    expect(await failedUp(theirs)).toContain(said);
    expect(password()).toBe("ours");
  });

  it("leave each other's entries on destroy", async () => {
    await theirs.destroy();
    expect(password()).toBe("ours");
  });

  it("show the whole plan in the first preview, which does not know the owner id yet", async () => {
    const { output } = await theirs.preview({ diff: true });
    expect(output).toMatch(/^ *stack +: "container-registry\/prod"$/m);
    expect(output).toMatch(/^ *id +: "container-registry"$/m);
  });
});

it("a stack under another name › keeps its entries, and labels them with that name", async () => {
  ours = await renamed(ours, "crew");
  await ours.up();
  expect(mark()).toBe(`Container registry [container-registry/crew ${await ownerOf(ours)}]`);
});

it("a stack of a version before owner ids › claims the entries that its state knows, once", async () => {
  const entry = jenkins.credential("container-registry");
  if (entry === undefined) throw new Error("not there");
  jenkins.put({ ...entry, description: "Container registry [container-registry/crew]" });
  await ours.importState(beforeIds((await ours.exportState()) as State));
  expect(await failedUp(theirs)).toContain("belongs to the stack container-registry/crew");
  await ours.up();
  expect(mark()).toBe(`Container registry [container-registry/crew ${await ownerOf(ours)}]`);
});

it("a stack whose state is lost › is taken over by the stack that names it, and then gets an error", async () => {
  const lost = await ownerOf(ours);
  await theirs.setConfig({ takeOverFrom: [lost] });
  await theirs.up();
  expect([password(), mark()]).toEqual([
    "theirs",
    `Container registry [container-registry/prod ${await ownerOf(theirs)}]`,
  ]);
  await ours.setSecret("registryPassword", "another one");
  expect(await failedUp(ours)).toContain(`(owner ${await ownerOf(theirs)})`);
  await ours.destroy();
  expect(password()).toBe("theirs");
});

function clone(password: string): Promise<PulumiStack> {
  const { url, user, caFile } = jenkins;
  return startStack({
    name: "prod",
    config: {
      containerRegistry: { host: "registry.example.org" },
      variant: { kind: "existing", tls: { kind: "public" } },
      jenkins: { url, user, caFile },
    },
    secrets: { registryUsername: "ci", registryPassword: password, jenkinsToken: jenkins.token },
  });
}

function password(): string | undefined {
  const entry = jenkins.credential("container-registry");
  return entry?.kind === "username-password" ? entry.password : undefined;
}

function mark(): string | undefined {
  return jenkins.credential("container-registry")?.description;
}

/** As it was when entries were marked with the stack's name alone. */
function beforeIds(state: State): State {
  const old = without(state, /RandomId::owner$/);
  for (const { urn, outputs } of old.deployment.resources)
    if (urn.endsWith("::jenkins-apply")) outputs.stdout = withoutOwner(String(outputs.stdout));
  return old;
}

function withoutOwner(summary: string): string {
  const { owner: _, ...rest } = JSON.parse(summary);
  return JSON.stringify(rest);
}

import { expect, it } from "vitest";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { type LabJenkins, startJenkins } from "../../lab/jenkins/start-jenkins.ts";
import { withWorld } from "../with-world.ts";
import { failedUp, otherOwnerError, ownerOf, renamed, type State, without } from "./owners.ts";
import { step } from "./step.ts";

/** Two teams' clones of the repository, each with a stack `prod` in a backend of its own, and one Jenkins. */
const world = withWorld(async ({ use }) => {
  const jenkins = use(await startJenkins());
  return { jenkins, ours: use(await clone(jenkins, "ours")), theirs: use(await clone(jenkins, "theirs")) };
});

it("two stacks of one name with one Jenkins › keep their entries apart, until one takes over from the other", {
  timeout: 900_000,
}, async () => {
  const { ours, theirs } = world();

  await step("are different owners: the second gets an error with the other's id and the next step", async () => {
    await ours.up();
    const said = `container-registry ${otherOwnerError("container-registry/prod", await ownerOf(ours), "another id")}`;
    expect(await failedUp(theirs)).toContain(said);
    expect(password()).toBe("ours");
  });

  await step("leave each other's entries on destroy", async () => {
    await theirs.destroy();
    expect(password()).toBe("ours");
  });

  await step("show the whole plan in the first preview, which does not know the owner id yet", async () => {
    const { output } = await theirs.preview({ diff: true });
    expect(output).toMatch(/^ *stack +: "container-registry\/prod"$/m);
    expect(output).toMatch(/^ *id +: "container-registry"$/m);
  });

  const crew = await renamed(ours, "crew");
  await step("a stack under another name › keeps its entries, and labels them with that name", async () => {
    await crew.up();
    expect(mark()).toBe(`Container registry [container-registry/crew ${await ownerOf(crew)}]`);
  });

  await step("a stack of a version before owner ids › claims the entries that its state knows, once", async () => {
    const entry = world().jenkins.credential("container-registry");
    if (entry === undefined) throw new Error("not there");
    world().jenkins.put({ ...entry, description: "Container registry [container-registry/crew]" });
    await crew.importState(beforeIds((await crew.exportState()) as State));
    expect(await failedUp(theirs)).toContain("belongs to the stack container-registry/crew");
    await crew.up();
    expect(mark()).toBe(`Container registry [container-registry/crew ${await ownerOf(crew)}]`);
  });

  await step(
    "a stack whose state is lost › is taken over by the stack that names it, and then gets an error",
    async () => {
      const lost = await ownerOf(crew);
      await theirs.setConfig({ takeOverFrom: [lost] });
      await theirs.up();
      expect([password(), mark()]).toEqual([
        "theirs",
        `Container registry [container-registry/prod ${await ownerOf(theirs)}]`,
      ]);
      await crew.setSecret("registryPassword", "another one");
      expect(await failedUp(crew)).toContain(`(owner ${await ownerOf(theirs)})`);
      await crew.destroy();
      expect(password()).toBe("theirs");
    },
  );
});

function clone({ url, user, caFile, token }: LabJenkins, password: string): Promise<PulumiStack> {
  return startStack({
    name: "prod",
    config: {
      containerRegistry: { host: "registry.example.org" },
      variant: { kind: "existing", tls: { kind: "public" } },
      jenkins: { url, user, caFile },
    },
    secrets: { registryUsername: "ci", registryPassword: password, jenkinsToken: token },
  });
}

function password(): string | undefined {
  const entry = world().jenkins.credential("container-registry");
  return entry?.kind === "username-password" ? entry.password : undefined;
}

function mark(): string | undefined {
  return world().jenkins.credential("container-registry")?.description;
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

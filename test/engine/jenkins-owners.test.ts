import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { type LabJenkins, startJenkins } from "../../lab/jenkins/start-jenkins.ts";

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
describe("two stacks of one name with one Jenkins", () => {
  it("are told apart: the second is refused, with the other's id and the next step", async () => {
    await ours.up();
    const { exitCode, output } = await theirs.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      `container-registry belongs to the stack container-registry/prod (owner ${await ownerOf(ours)}); take another id, or destroy that stack; where its state is lost, have this one take over: takeOverFrom: [${await ownerOf(ours)}] in the stack file`,
    );
    expect(password()).toBe("ours");
  });

  it("leave each other's entries when they go", async () => {
    await theirs.destroy();
    expect(password()).toBe("ours");
  });
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

async function ownerOf(stack: PulumiStack): Promise<string> {
  const { deployment } = (await stack.exportState()) as {
    deployment: { resources: { urn: string; outputs: { hex: string } }[] };
  };
  return deployment.resources.find(({ urn }) => urn.endsWith("RandomId::owner"))?.outputs.hex ?? "";
}

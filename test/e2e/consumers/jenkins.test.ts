import { describe, expect, it, vi } from "vitest";
import type { PulumiResult, RunningPulumi } from "../../../lab/engine/pulumi-command.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { startJenkins } from "../../../lab/jenkins/start-jenkins.ts";
import { ownerOf } from "../../engine/owners.ts";
import { withWorld } from "../../with-world.ts";
import { watchHere } from "../support/process-list.ts";
import { registryCommand } from "../support/registry-command.ts";
import { secretsIn } from "../support/secrets-in.ts";

// The stack uses an existing registry that `up` cannot connect to, which is only a warning: these tests are about Jenkins.
const password = `p"w' $HOME <&>: ünï`;
const mavenPassword = "maven's <own>";
const byHand = { scope: "GLOBAL", kind: "secret-text", secret: "theirs", description: "by hand" } as const;
const container = { id: "container-registry", kind: "username-password", of: "container" };
const maven = { id: "maven-registry", kind: "username-password", of: "maven", domain: "java" };
const host = { id: "registry-host", kind: "secret-text", of: "host", description: "Where images go" };

const world = withWorld(async ({ use }) => {
  const jenkins = use(await startJenkins({ domains: ["java"] }));
  const stack = use(
    await startStack({
      name: "jenkins",
      config: {
        containerRegistry: { host: "registry.example.org" },
        mavenRegistry: { host: "nexus.example.org" },
        variant: { kind: "existing", tls: { kind: "public" } },
      },
      secrets: {
        registryUsername: "ci-bot",
        registryPassword: password,
        mavenUsername: "deployer",
        mavenPassword,
        jenkinsPassword: jenkins.password,
      },
    }),
  );
  return { jenkins, stack };
});

// The tests depend on each other: each test continues with the state that the previous test left.
describe("up", () => {
  it("names each thing that stands against it, and writes nothing", async () => {
    world().jenkins.put({ ...byHand, id: "registry-host" });
    await wants([container, host, { ...maven, domain: "jav" }]);
    expect(await failedUp()).toContain(
      [
        "Jenkins was left as it is",
        "  Jenkins has no credentials domain jav; make it there, or leave out the domain in jenkins.credentials",
        "  registry-host is there, and this stack did not make it; take it over with jenkins.adopt: true, or take another id",
      ].join("\n"),
    );
    expect(all()).toEqual(["registry-host: by hand"]);
  });

  it("adopts what somebody made, where the stack says so, and creates the rest", async () => {
    const { jenkins, stack } = world();
    await wants([container, maven, host], { adopt: true });
    const here = await watchHere();
    const { output } = await stack.up({ flags: ["--debug", "-v=3", "--logtostderr"] });
    const processes = await here.stop();
    const mark = `[container-registry/jenkins ${await ownerOf(stack)}]`;
    expect(all()).toEqual([
      `container-registry: Container registry ${mark}`,
      `maven-registry: Maven repository nexus.example.org ${mark}`,
      `registry-host: Where images go ${mark}`,
    ]);
    expect(jenkins.credential("container-registry")).toMatchObject({ username: "ci-bot", password });
    expect(jenkins.credential("maven-registry", { domain: "java" })).toMatchObject({ password: mavenPassword });
    expect(jenkins.credential("registry-host")).toMatchObject({ secret: "registry.example.org" });

    const urls = jenkins.requests.map(({ path }) => path).join("\n");
    const state = JSON.stringify(await stack.exportState());
    const places = { output, processes, state, urls };
    expect(processes).toContain("jenkins/run.ts");
    for (const [where, text] of Object.entries(places)) expect(secretsIn(text, secrets()), where).toEqual([]);
  });

  it("changes nothing the second time, and asks Jenkins nothing", async () => {
    const { jenkins, stack } = world();
    const asked = jenkins.requests.length;
    expect((await stack.up()).stdout).not.toMatch(/created|updated|replaced|deleted/);
    expect(jenkins.requests.length).toBe(asked);
  });

  it("updates a password in place, and deletes what is no longer wanted", async () => {
    const { jenkins, stack } = world();
    await stack.setSecret("registryPassword", "another one");
    await wants([container, maven]);
    const { output } = await stack.preview({ diff: true });
    expect(output).toMatch(/^ *- id +: "registry-host"$/m);
    expect(output).not.toContain("another one");
    const before = jenkins.requests.length;
    // The two updated resources are Jenkins' credentials and the check of the password at the registry.
    expect((await stack.up()).stdout).toContain("~ 2 updated");
    expect(all()).toHaveLength(2);
    expect(jenkins.credential("container-registry")).toMatchObject({ password: "another one" });
    expect(writes(before)).toEqual([
      "POST container-registry/config.xml",
      "POST maven-registry/config.xml",
      "DELETE registry-host/config.xml",
    ]);
  });
});

describe("registry sync jenkins", () => {
  it("tells what was changed and deleted by hand, and puts it right", async () => {
    const { jenkins, stack } = world();
    jenkins.remove("maven-registry", { domain: "java" });
    const ours = jenkins.credential("container-registry");
    jenkins.put({ ...byHand, id: "container-registry", description: ours?.description ?? "" });

    const [type, missing] = ["container-registry: another type", "maven-registry, domain java: missing"];
    expect(await sync("--check")).toMatchObject({ exitCode: 3, stdout: `to update ${type}\nto create ${missing}` });
    expect(await sync()).toMatchObject({ exitCode: 0, stdout: `updated ${type}\ncreated ${missing}` });
    expect(jenkins.credential("container-registry")).toEqual(ours);
    expect(jenkins.credential("maven-registry", { domain: "java" })).toMatchObject({ password: mavenPassword });
    expect((await sync("--check", "--json")).exitCode).toBe(0);
    await stack.preview({ expectNoChanges: true });
  });
});

describe("up, in trouble", () => {
  it("takes back what an up wrote that was killed before its state was saved", async () => {
    const { jenkins, stack } = world();
    await wants([container, maven, host, { ...host, id: "second-host" }]);
    // The first three writes are updates of two credentials and the creation of the third.
    const goOn = jenkins.faults.hangAfterWrites(3);
    await killedUp(() => vi.waitUntil(() => jenkins.faults.hangs, { timeout: 60_000 }));
    goOn();
    expect(jenkins.credential("registry-host")).toBeDefined();
    expect(jenkins.credential("second-host")).toBeUndefined();
    await stack.up();
    expect(all()).toHaveLength(4);
  });

  it("waits for a Jenkins that starts", async () => {
    const { jenkins, stack } = world();
    await stack.setSecret("registryPassword", "a third");
    jenkins.faults.starting = true;
    const before = jenkins.requests.length;
    const up = stack.startUp();
    await vi.waitUntil(() => jenkins.requests.length > before + 1, { timeout: 60_000 });
    jenkins.faults.starting = false;
    expect(await up.result).toMatchObject({ exitCode: 0 });
    expect(jenkins.credential("container-registry")).toMatchObject({ password: "a third" });
  });

  it("converges after Jenkins died between two entries, and after it failed once; nothing is doubled", async () => {
    const { jenkins, stack } = world();
    await stack.setSecret("registryPassword", "a fourth");
    jenkins.remove("registry-host");
    jenkins.faults.dieAfterWrites(1, { heard: false });
    expect(await failedUp()).toContain(`${jenkins.url}: Jenkins does not answer`);
    await jenkins.start();
    jenkins.faults.failNextWrite();
    expect(await failedUp()).toContain("Jenkins failed at updating container-registry (500); its own log says why");
    await stack.up();
    expect(all()).toHaveLength(4);
    expect(jenkins.credential("container-registry")).toMatchObject({ password: "a fourth" });
    await stack.preview({ expectNoChanges: true });
  });

  it("names the permission that is missing", async () => {
    const { jenkins, stack } = world();
    await stack.setSecret("registryPassword", "a fifth");
    jenkins.permissions.delete("Credentials/Update");
    expect(await failedUp()).toContain("updating container-registry needs the permission Credentials/Update");
    jenkins.permissions.add("Credentials/Update");
    await stack.up();
  });
});

describe("via: casc", () => {
  it("takes the entries out of Jenkins, and hands out references for it to fill", async () => {
    const { stack } = world();
    await stack.setSecret("registryPassword", "a sixth");
    await wants([container, maven], { via: "casc" });
    await stack.up();
    expect(all()).toEqual([]);
    const fragment = String((await stack.outputs()).jenkinsCasc);
    expect(fragment).toContain("id: maven-registry");
    expect(secretsIn(fragment, { ...secrets(), sixth: "a sixth" })).toEqual([]);
    await wants([container, maven]);
    await stack.up();
    expect(all()).toHaveLength(2);
  });
});

describe("destroy", () => {
  it("does not take a Jenkins that is away for one that is gone", async () => {
    const { jenkins, stack } = world();
    await jenkins.stop();
    const result = await stack.start(["destroy", "--yes", "--skip-preview"]).result;
    expect(result.exitCode).not.toBe(0);
    const [, urn] =
      /remove them from the state: pulumi state delete --stack jenkins '(urn:\S+)'/.exec(result.output) ?? [];
    expect(JSON.stringify(await stack.exportState())).toContain(`"urn":"${urn}"`);
    await jenkins.start();
  });

  it("removes what the stack made, and leaves everybody else's", async () => {
    const { jenkins, stack } = world();
    jenkins.put({ ...byHand, id: "theirs" });
    await stack.destroy();
    expect(all()).toEqual(["theirs: by hand"]);
  });
});

/** Writes these entries into the stack file's key `jenkins`. */
function wants(credentials: unknown[], more: object = {}): Promise<void> {
  const { jenkins, stack } = world();
  const { url, user, caFile } = jenkins;
  return stack.setConfig({ jenkins: { url, user, caFile, credentials, ...more } });
}

/** All credentials in Jenkins, as `<id>: <description>`. */
function all(): string[] {
  const entries = [{}, { domain: "java" }].flatMap((store) => world().jenkins.credentials(store));
  return entries.map(({ id, description }) => `${id}: ${description}`).sort();
}

function secrets() {
  return { password, mavenPassword, login: world().jenkins.password };
}

function writes(since: number): string[] {
  const writing = world().jenkins.requests.filter(({ method }, index) => index >= since && method !== "GET");
  return writing.map(({ method, path }) => `${method} ${path.split("/").slice(-2).join("/")}`);
}

async function failedUp(): Promise<string> {
  const result: PulumiResult = await world().stack.startUp().result;
  expect(result.exitCode).not.toBe(0);
  expect(secretsIn(result.output, secrets())).toEqual([]);
  return result.output.replaceAll(/^ +(?= {2}\S)/gm, "");
}

/** Runs `up` until `point` resolves, then kills `up` and all processes that it started. */
async function killedUp(point: (up: RunningPulumi) => Promise<unknown>): Promise<void> {
  const { stack } = world();
  const up = stack.startUp();
  const ended = up.result.then(({ output }) => {
    throw new Error(`up ended before it could be killed: ${output}`);
  });
  await Promise.race([point(up), ended]);
  await up.kill();
  await ended.catch(() => undefined);
  await stack.unlock();
}

function sync(...flags: string[]) {
  return registryCommand(world().stack, ["sync", "jenkins", ...flags]).result;
}

import { describe, expect, it } from "vitest";
import { JenkinsClient } from "../../../jenkins/client.ts";
import { JenkinsError } from "../../../jenkins/jenkins-error.ts";
import { type Plan, planIn, planText } from "../../../jenkins/plan.ts";
import type { PlannedCredential } from "../../../jenkins/planned-credentials.ts";
import { applyPlan, removePlan } from "../../../jenkins/run-plan.ts";
import { CredentialStore } from "../../../jenkins/store.ts";
import { startJenkins } from "../../../lab/jenkins/start-jenkins.ts";
import { withFreshWorld } from "../../with-world.ts";

const brief = { awaySeconds: 0.2, startingSeconds: 0.2, firstWaitMs: 50 };
const owner = { id: "aaaaaaaaaaaaaaaa", stack: "container-registry/team", takeOverFrom: [] as string[] };
const sources = { container: { username: "ci", password: "one" }, host: "registry.example.org", owner };
/** A stack of the same name in another clone of the repository. */
const theirs = { ...sources, owner: { ...owner, id: "bbbbbbbbbbbbbbbb" } };
const mark = "[container-registry/team aaaaaaaaaaaaaaaa]";

const login: PlannedCredential = { id: "a", kind: "username-password", of: "container", description: "Ours" };
const host: PlannedCredential = { id: "b", kind: "secret-text", of: "host", description: "Host" };
const byHand = { kind: "secret-text", id: "a", scope: "GLOBAL", description: "by hand", secret: "theirs" } as const;

const jenkins = withFreshWorld(() => startJenkins({ domains: ["registry"], folders: ["team"] }));

function store(): CredentialStore {
  const { url, user, token: secret, ca } = jenkins();
  return new CredentialStore(new JenkinsClient({ url, user, kind: "token", secret, ca }, brief));
}

function plan(credentials: PlannedCredential[], more: Partial<Plan> = {}): Plan {
  const { url, user } = jenkins();
  return { url, user, login: "token", stack: "container-registry/team", adopt: false, credentials, ...more };
}

const there = (location = {}) =>
  jenkins()
    .credentials(location)
    .map(({ id, description }) => `${id}: ${description}`);

describe("applyPlan", () => {
  it("creates entries with the stack's marker, then writes them anew in place", async () => {
    const summary = await applyPlan(store(), plan([login, host]), sources);
    expect(summary).toEqual({
      created: ["a", "b"],
      updated: [],
      removed: [],
      stores: [""],
      stack: "container-registry/team",
      owner: owner.id,
    });
    expect(there()).toEqual([`a: Ours ${mark}`, `b: Host ${mark}`]);

    const container = { username: "ci", password: "two" };
    expect(await applyPlan(store(), plan([login, host]), { ...sources, container })).toMatchObject({
      updated: ["a", "b"],
    });
    expect(jenkins().credential("a")).toMatchObject({ password: "two" });
    expect(jenkins().requests.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  it("removes what it made and the plan no longer has, wherever it was", async () => {
    const moved = { ...login, domain: "registry", folder: "team" };
    const first = await applyPlan(store(), plan([moved, host]), sources);
    expect(there({ domain: "registry", folder: "team" })).toHaveLength(1);
    const last = JSON.stringify(first);
    expect(await applyPlan(store(), plan([host]), sources, last)).toMatchObject({
      removed: ["a in team, domain registry"],
    });
    expect([...there({ domain: "registry", folder: "team" }), ...there()]).toEqual([`b: Host ${mark}`]);
  });

  it("knows its entries after the stack got another name", async () => {
    await applyPlan(store(), plan([login, host]), sources);
    const renamed = { ...sources, owner: { ...owner, stack: "container-registry/crew" } };
    expect(await applyPlan(store(), plan([login]), renamed)).toMatchObject({ updated: ["a"], removed: ["b"] });
    expect(there()).toEqual([`a: Ours [container-registry/crew ${owner.id}]`]);
  });

  it("refuses what a stack of the same name made elsewhere, and writes nothing", async () => {
    await applyPlan(store(), plan([login]), theirs);
    const before = jenkins().requests.length;
    await expect(applyPlan(store(), plan([login, host]), sources)).rejects.toThrow(
      `a belongs to the stack container-registry/team (owner ${theirs.owner.id}); take another id`,
    );
    expect(
      jenkins()
        .requests.slice(before)
        .every(({ method }) => method === "GET"),
    ).toBe(true);
  });

  it("takes over from the owner that the stack names, and a third that names it, too, is refused", async () => {
    await applyPlan(store(), plan([login, host]), theirs);
    const takeOverFrom = [theirs.owner.id];
    await applyPlan(store(), plan([login]), { ...sources, owner: { ...owner, takeOverFrom } });
    expect(there()).toEqual([`a: Ours ${mark}`]);
    const third = { ...sources, owner: { ...owner, id: "cccccccccccccccc", takeOverFrom } };
    await expect(applyPlan(store(), plan([login]), third)).rejects.toThrow(`(owner ${owner.id})`);
  });

  it("marks anew, once, what its last run made before stacks had ids", async () => {
    for (const id of ["a", "b"]) jenkins().put({ ...byHand, id, description: "[container-registry/team]" });
    const last = JSON.stringify({
      created: [],
      updated: ["a"],
      removed: [],
      stores: [""],
      stack: "container-registry/team",
    });
    await expect(applyPlan(store(), plan([login]), sources)).rejects.toThrow("whose owner id it does not tell");
    await applyPlan(store(), plan([login]), sources, last);
    expect(there()).toEqual([`a: Ours ${mark}`, "b: [container-registry/team]"]);
    await expect(applyPlan(store(), plan([login]), theirs, last)).rejects.toThrow(`(owner ${owner.id})`);
  });

  it("refuses everything where one entry is somebody's, and writes nothing", async () => {
    jenkins().put(byHand);
    await expect(applyPlan(store(), plan([host, login]), sources)).rejects.toThrow(
      new JenkinsError(
        "Jenkins was left as it is\n  a is there, and this stack did not make it; take it over with jenkins.adopt: true, or take another id",
      ),
    );
    expect(there()).toEqual(["a: by hand"]);
    expect(jenkins().requests.every(({ method }) => method === "GET")).toBe(true);
  });

  it("takes it over in place with adopt, type and all", async () => {
    jenkins().put(byHand);
    await applyPlan(store(), plan([login], { adopt: true }), sources);
    expect(jenkins().credential("a")).toMatchObject({ kind: "username-password", password: "one" });
    expect(there()).toEqual([`a: Ours ${mark}`]);
  });

  it("names a domain that is not there, and writes nothing", async () => {
    await expect(applyPlan(store(), plan([login, { ...host, domain: "x" }]), sources)).rejects.toThrow(
      "Jenkins has no credentials domain x; make it there, or leave out the domain in jenkins.credentials",
    );
    expect(there()).toEqual([]);
  });

  it("names a folder that is not there", async () => {
    await expect(applyPlan(store(), plan([{ ...host, folder: "x" }]), sources)).rejects.toThrow("there is no folder x");
  });

  it.each([true, false])(
    "goes on where Jenkins died between two entries (the first one's answer heard: %s)",
    async (heard) => {
      jenkins().faults.dieAfterWrites(1, { heard });
      await expect(applyPlan(store(), plan([login, host]), sources)).rejects.toThrow("Jenkins does not answer");
      await jenkins().start();
      expect(await applyPlan(store(), plan([login, host]), sources)).toMatchObject({
        created: ["b"],
        updated: ["a"],
      });
      expect(there()).toHaveLength(2);
    },
  );
});

describe("removePlan", () => {
  it("takes away what this stack made, and leaves the rest", async () => {
    await applyPlan(store(), plan([login, host]), sources);
    jenkins().put({ ...byHand, id: "c" });
    jenkins().put({ ...byHand, id: "d", description: "[container-registry/other]" });
    expect(await removePlan(store(), plan([login, host]), sources)).toMatchObject({ removed: ["a", "b"] });
    expect(there()).toEqual(["c: by hand", "d: [container-registry/other]"]);
  });

  it("takes away nothing of another owner, not even what it might take over", async () => {
    await applyPlan(store(), plan([login]), theirs);
    const could = { owner: { ...owner, takeOverFrom: [theirs.owner.id] } };
    expect(await removePlan(store(), plan([login]), could)).toMatchObject({ removed: [] });
    expect(there()).toHaveLength(1);
  });

  it("takes away what a state from before stacks had ids knows of, and no more", async () => {
    for (const id of ["a", "b"]) jenkins().put({ ...byHand, id, description: "[container-registry/team]" });
    const last = { created: ["a"], updated: [], removed: [], stores: [""], stack: "container-registry/team" };
    expect(await removePlan(store(), plan([login]), {}, JSON.stringify(last))).toMatchObject({ removed: ["a"] });
    expect(there()).toEqual(["b: [container-registry/team]"]);
  });

  it("leaves an entry that somebody has made their own", async () => {
    jenkins().put(byHand);
    expect(await removePlan(store(), plan([login]), sources)).toMatchObject({ removed: [] });
    expect(there()).toEqual(["a: by hand"]);
  });

  it("does not take a Jenkins that is away for one that is gone, and says how to forget it", async () => {
    await jenkins().stop();
    await expect(removePlan(store(), plan([login]), sources)).rejects.toThrow(
      "from the state: pulumi state delete --stack team 'urn:pulumi:team::container-registry::container-registry:consumers:JenkinsCredentials$command:local:Command::jenkins-apply'",
    );
  });
});

describe("planText", () => {
  it("is YAML that reads back as it was", () => {
    const whole = plan([login, { ...host, domain: "registry" }], { ca: "-----BEGIN\nA\n" });
    expect(planIn(planText(whole))).toEqual(whole);
    expect(planText(whole)).toContain("\n  - id: a\n");
  });
});

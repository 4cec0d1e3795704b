import { hashSync } from "bcryptjs";
import { describe, expect, it, vi } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { startJenkins } from "../../../lab/jenkins/start-jenkins.ts";
import { withWorld } from "../../with-world.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runFirst, runLines, runSection } from "../support/docs-pages/run-page.ts";
import { doctorFindings } from "../support/doctor-findings.ts";
import { startJobs } from "../support/host/job-load.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { registryCommand } from "../support/registry-command.ts";
import { request } from "../support/request.ts";
import { secretsIn } from "../support/secrets-in.ts";

const given = [`it's "old" $HOME: <&>{é} `, `a 'new' \\n %s \`id\` ü`] as const;

const world = withWorld(async ({ use }) => {
  const [registry, jenkins] = await Promise.all([
    registryStack({
      name: "rotation",
      machine: { kind: "client" },
      accounts: ["jenkins", "dana"].map((name) => ({ name, push: ["**"] })),
      secrets: { passwords: JSON.stringify({ dana: given[0] }) },
    }),
    startJenkins(),
  ]);
  use(registry);
  use(jenkins);
  const { stack, machine } = registry;
  // The registry's host name. Commands on this machine can resolve it, too.
  const host = machine.address;
  await stack.setConfig({
    containerRegistry: { host, account: "jenkins" },
    jenkins: { url: jenkins.url, user: jenkins.user, caFile: jenkins.caFile },
    rotateEvery: "90d",
  });
  await stack.setSecret("jenkinsToken", jenkins.token);
  await stack.up();
  await trust(machine, host, String((await stack.outputs()).registryCa));
  return { registry, jenkins, host };
});

describe("rotate while jobs push all the while", () => {
  const rotation = withWorld(async () => {
    const { registry, jenkins, host } = world();
    const today = () => new Date().toISOString().slice(0, 10);
    const password = await registry.password("jenkins");
    const old = { password, token: await tokenFor(password) };
    // A team that pushes every three seconds would push 200 times in ten minutes.
    const pushes = { least: 200, most: 10_000 };
    const jobs = startJobs({ client: registry.machine, jenkins, prefix: `${host}/team`, pushes });
    // The dates when the rotation began and when it ended, which differ if midnight is in between.
    const days = [today()];
    const argv = ["rotate", "--account", "jenkins", "--overlap", "20s", "--json"];
    const rotated = await registryCommand(registry.stack, argv).result;
    days.push(today());
    const load = await jobs.stop();
    return { old, days, rotated, load };
  });

  it("ends well, and says which password it is, and of when", () => {
    const { days, rotated } = rotation();
    expect(rotated).toMatchObject({ exitCode: 0 });
    const date = expect.toBeOneOf(days);
    expect(JSON.parse(rotated.stdout)).toEqual({
      rotations: { jenkins: { generation: 1, date, previous: "revoked" } },
    });
  });

  it("fails no push", () => {
    const { load } = rotation();
    expect(load.failures).toEqual([]);
    expect(load.pushed).toBeGreaterThanOrEqual(200);
  });

  it("had jobs push with either password", async () => {
    const { old, load } = rotation();
    expect([...load.bound]).toEqual([old.password, await world().registry.password("jenkins")]);
  });

  it("leaves the old password and its token refused, and the new one in Jenkins", async () => {
    const { old } = rotation();
    expect([await login(old.password), await bearer(old.token)]).toEqual([401, 401]);
    expect(await login(inJenkins())).toBe(200);
    expect(inJenkins()).toBe(await world().registry.password("jenkins"));
  });

  it("leaves the next preview without changes, and says no password", async () => {
    const { old, rotated } = rotation();
    await world().registry.stack.preview({ expectNoChanges: true });
    for (const secret of [old.password, old.token, inJenkins()]) expect(rotated.output).not.toContain(secret);
  });
});

describe("rotate, interrupted", () => {
  it("killed within up, leaves the lock to the operator, then goes on where it was, without a third password", async () => {
    const { stack } = world().registry;
    const old = inJenkins();
    const killed = registryCommand(stack, ["rotate", "--account", "jenkins", "--overlap", "1s"]);
    await vi.waitUntil(() => killed.output().includes("jenkins-password-2 created"), { timeout: 120_000 });
    await killed.kill();
    expect(await login(inJenkins())).toBe(200);

    const locked = await registryCommand(stack, ["rotate", "--overlap", "1s"]).result;
    expect(locked.exitCode).toBe(1);
    expect(locked.output).toMatch(
      /error: stack rotation is locked by \S+@\S+ \(pid \d+\) since .* pulumi cancel --yes --stack rotation,/,
    );
    await stack.unlock();

    const { exitCode, stdout } = await registryCommand(stack, ["rotate", "--overlap", "1s", "--json"]).result;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rotations: { jenkins: { generation: 2, previous: "revoked" } } });
    expect([await login(old), await login(inJenkins())]).toEqual([401, 200]);
  });

  it("by a Jenkins that dies, leaves what it has working, and converges once it is back", async () => {
    const { registry, jenkins } = world();
    const { stack } = registry;
    const old = inJenkins();
    await jenkins.stop();
    const failed = await registryCommand(stack, ["rotate", "--account", "jenkins", "--overlap", "1s"]).result;
    expect(failed.exitCode).toBe(1);
    expect(failed.output).toContain(jenkins.url);
    expect(await login(old)).toBe(200);

    await jenkins.start();
    const { exitCode } = await registryCommand(stack, ["rotate", "--overlap", "1s"]).result;
    expect(exitCode).toBe(0);
    expect(inJenkins()).not.toBe(old);
    expect(jenkins.credentials().filter(({ id }) => id === "container-registry")).toHaveLength(1);
    expect([await login(old), await login(inJenkins())]).toEqual([401, 200]);
  });
});

describe("revoke", () => {
  it("cuts the leaked password and its token at once, and Jenkins has another one", async () => {
    const { registry, jenkins, host } = world();
    const leaked = inJenkins();
    const token = await tokenFor(leaked);
    const pushes = { least: 30, most: 10_000 };
    const jobs = startJobs({ client: registry.machine, jenkins, prefix: `${host}/revoked`, pushes });
    const page = docsPage("incidents/leaked-credential.md");
    const { exitCode, output } = await runFirst(registry.stack, page, { ACCOUNT: "jenkins" });
    const load = await jobs.stop();
    expect(exitCode, output).toBe(0);
    expect(output).not.toContain(leaked);
    // Jobs that started with the leaked password fail. Jobs that start later get the new password and succeed.
    expect(load.failures.join("\n")).toContain("UNAUTHORIZED");
    expect([...load.bound]).toEqual([leaked, inJenkins()]);
    expect([await login(leaked), await bearer(token), await login(inJenkins())]).toEqual([401, 401, 200]);
    await registry.stack.preview({ expectNoChanges: true });

    expect(await runSection(registry.stack, page, "Decide")).toMatch(/^revoked\S* .* jenkins\b/m);
    expect(await runSection(registry.stack, page, "Over when")).toContain("nothing found");
  });
});

describe("docs/incidents/jenkins-cannot-push.md", () => {
  const page = docsPage("incidents/jenkins-cannot-push.md");
  const credential = () => {
    const { description = "" } = world().jenkins.credential("container-registry") ?? {};
    return { id: "container-registry", kind: "username-password", scope: "GLOBAL", description } as const;
  };

  it.each([
    {
      what: "somebody deleted",
      symptom: "Could not find credentials entry",
      spoil: () => world().jenkins.remove("container-registry"),
      shows: "to create container-registry: missing",
      finds: ["credential container-registry: is not in Jenkins (missing)"],
    },
    {
      what: "somebody gave another user name",
      symptom: "Could not find credentials entry",
      spoil: () => world().jenkins.put({ ...credential(), username: "dana", password: inJenkins() }),
      shows: "to update container-registry: another user name",
      finds: ["credential container-registry: is not as the stack wants it (another user name)"],
    },
    {
      what: "somebody gave another password, which Jenkins does not tell,",
      symptom: "`unauthorized` at login",
      spoil: () => world().jenkins.put({ ...credential(), username: "jenkins", password: "by hand" }),
      shows: "Jenkins has what the stack wants, as far as it tells",
      finds: [],
    },
  ])(
    "gives Jenkins back a credential that $what and doctor says the same",
    async ({ spoil, symptom, shows, finds }) => {
      const { stack } = world().registry;
      spoil();
      expect((await doctorFindings(stack)).map(({ problem }) => problem)).toEqual(finds);
      expect(await runFirst(stack, page)).toEqual({ exitCode: finds.length > 0 ? 3 : 0, output: shows });
      const [mend = ""] = page.mendsOf(symptom);
      await runLines(stack, page, [mend]);
      await runSection(stack, page, "Over when");
      expect(await login(inJenkins())).toBe(200);
      expect(await doctorFindings(stack)).toEqual([]);
    },
  );
});

describe("a given password", () => {
  it("is rotated to the one on standard input, and to no other that it had", async () => {
    const { stack } = world().registry;
    const rotate = (password: string) => {
      const argv = ["rotate", "--account", "dana", "--password-stdin", "--overlap", "1s"];
      return registryCommand(stack, argv, `${password}\n`).result;
    };
    expect(await login(given[0], "dana")).toBe(200);
    const { exitCode, output } = await rotate(given[1]);
    expect(exitCode, output).toBe(0);
    expect(secretsIn(output, { old: given[0], new: given[1] })).toEqual([]);
    expect(await Promise.all(given.map((password) => login(password, "dana")))).toEqual([401, 200]);

    const again = await rotate(given[1]);
    expect(again).toMatchObject({ exitCode: 1, output: "error: that is a password of dana already; give another" });
    await stack.preview({ expectNoChanges: true });
  });
});

describe("a password of an htpasswd file", () => {
  it("works beside the account's own, until the account is revoked", async () => {
    const { stack } = world().registry;
    const listed = "of the registry before";
    await stack.setSecret("htpasswd", `dana:${hashSync(listed, 5).replace("$2b$", "$2y$")}\n`);
    await stack.up();
    const passwords = [listed, given[1], given[0]];
    expect(await Promise.all(passwords.map((password) => login(password, "dana")))).toEqual([200, 200, 401]);
    expect(await doctorFindings(stack)).toEqual([]);

    const { exitCode, output } = await registryCommand(stack, ["revoke", "dana", "--password-stdin"], "another").result;
    expect(exitCode, output).toBe(0);
    passwords.push("another");
    expect(await Promise.all(passwords.map((password) => login(password, "dana")))).toEqual([401, 401, 401, 200]);
    await stack.preview({ expectNoChanges: true });
  });
});

function inJenkins(): string {
  const credential = world().jenkins.credential("container-registry");
  return credential?.kind === "username-password" ? credential.password : "none";
}

async function login(password: string, name = "jenkins"): Promise<number> {
  const { registry, host } = world();
  const credentials = { name, password };
  return (await request(registry.machine, `https://${host}/v2/`, { credentials })).status;
}

async function bearer(token: string): Promise<number> {
  const { registry, host } = world();
  const headers = [`Authorization: Bearer ${token}`];
  return (await request(registry.machine, `https://${host}/v2/`, { headers })).status;
}

async function tokenFor(password: string): Promise<string> {
  const { registry, host } = world();
  const credentials = { name: "jenkins", password };
  return JSON.parse((await request(registry.machine, `https://${host}/token`, { credentials })).body).token;
}

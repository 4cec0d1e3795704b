import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { type LabJenkins, startJenkins } from "../../../lab/jenkins/start-jenkins.ts";
import { type JobLoadResult, startJobs } from "../support/host/job-load.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { registryCommand } from "../support/registry-command.ts";
import { request } from "../support/request.ts";
import { secretsIn } from "../support/secrets-in.ts";

const given = [`it's "old" $HOME: <&>{é} `, `a 'new' \\n %s \`id\` ü`] as const;

let registry: RegistryStack;
let jenkins: LabJenkins;
/** The registry's host name. Commands on this machine can resolve it, too. */
let host: string;

beforeAll(async () => {
  [registry, jenkins] = await Promise.all([
    registryStack({
      name: "rotation",
      machine: { kind: "client" },
      accounts: ["jenkins", "dana"].map((name) => ({ name, push: ["**"] })),
      secrets: { passwords: JSON.stringify({ dana: given[0] }) },
    }),
    startJenkins(),
  ]);
  const { stack, machine } = registry;
  host = machine.address;
  await stack.setConfig({
    containerRegistry: { host, account: "jenkins" },
    jenkins: { url: jenkins.url, user: jenkins.user, caFile: jenkins.caFile },
    rotateEvery: "90d",
  });
  await stack.setSecret("jenkinsToken", jenkins.token);
  await stack.up();
  await trust(machine, host, String((await stack.outputs()).registryCa));
});
afterAll(async () => {
  await jenkins[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

describe("rotate while jobs push all the while", () => {
  let old: { password: string; token: string };
  let load: JobLoadResult;
  let rotated: { exitCode: number; stdout: string; output: string };
  /** The dates when the rotation began and when it ended, which differ if midnight is in between. */
  let days: string[];
  beforeAll(async () => {
    const today = () => new Date().toISOString().slice(0, 10);
    const password = await registry.password("jenkins");
    old = { password, token: await tokenFor(password) };
    // A team that pushes every three seconds would push 200 times in ten minutes.
    const pushes = { least: 200, most: 10_000 };
    const jobs = startJobs({ client: registry.machine, jenkins, prefix: `${host}/team`, pushes });
    days = [today()];
    rotated = await registryCommand(registry.stack, ["rotate", "--account", "jenkins", "--overlap", "20s", "--json"])
      .result;
    days.push(today());
    load = await jobs.stop();
  });

  it("ends well, and says which password it is, and of when", () => {
    expect(rotated).toMatchObject({ exitCode: 0 });
    const date = expect.toBeOneOf(days);
    expect(JSON.parse(rotated.stdout)).toEqual({
      rotations: { jenkins: { generation: 1, date, previous: "revoked" } },
    });
  });

  it("fails no push", () => {
    expect(load.failures).toEqual([]);
    expect(load.pushed).toBeGreaterThanOrEqual(200);
  });

  it("had jobs push with either password", async () => {
    expect([...load.bound]).toEqual([old.password, await registry.password("jenkins")]);
  });

  it("leaves the old password and its token refused, and the new one in Jenkins", async () => {
    expect([await login(old.password), await bearer(old.token)]).toEqual([401, 401]);
    expect(await login(inJenkins())).toBe(200);
    expect(inJenkins()).toBe(await registry.password("jenkins"));
  });

  it("leaves the next preview without changes, and says no password", async () => {
    await registry.stack.preview({ expectNoChanges: true });
    for (const secret of [old.password, old.token, inJenkins()]) expect(rotated.output).not.toContain(secret);
  });
});

describe("rotate, interrupted", () => {
  it("killed within up, leaves the lock to the operator, then goes on where it was, without a third password", async () => {
    const { stack } = registry;
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
    const leaked = inJenkins();
    const token = await tokenFor(leaked);
    const pushes = { least: 30, most: 10_000 };
    const jobs = startJobs({ client: registry.machine, jenkins, prefix: `${host}/revoked`, pushes });
    const { exitCode, output } = await registryCommand(registry.stack, ["revoke", "jenkins"]).result;
    const load = await jobs.stop();
    expect(exitCode).toBe(0);
    expect(output).not.toContain(leaked);
    // Jobs that started with the leaked password fail. Jobs that start later get the new password and succeed.
    expect(load.failures.join("\n")).toContain("UNAUTHORIZED");
    expect([...load.bound]).toEqual([leaked, inJenkins()]);
    expect([await login(leaked), await bearer(token), await login(inJenkins())]).toEqual([401, 401, 200]);
    await registry.stack.preview({ expectNoChanges: true });
  });
});

describe("a given password", () => {
  it("is rotated to the one on standard input, and to no other that it had", async () => {
    const { stack } = registry;
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

function inJenkins(): string {
  const credential = jenkins.credential("container-registry");
  return credential?.kind === "username-password" ? credential.password : "none";
}

async function login(password: string, name = "jenkins"): Promise<number> {
  const credentials = { name, password };
  return (await request(registry.machine, `https://${host}/v2/`, { credentials })).status;
}

async function bearer(token: string): Promise<number> {
  const headers = [`Authorization: Bearer ${token}`];
  return (await request(registry.machine, `https://${host}/v2/`, { headers })).status;
}

async function tokenFor(password: string): Promise<string> {
  const credentials = { name: "jenkins", password };
  return JSON.parse((await request(registry.machine, `https://${host}/token`, { credentials })).body).token;
}

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askRegistry } from "../../existing/ask-registry.ts";
import type { Plan } from "../../existing/plan.ts";
import { ask } from "../../lab/proxy/ask.ts";
import { privateCa } from "../../lab/proxy/certificate.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { startDistribution } from "../../lab/proxy/start-distribution.ts";
import { account, startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

const repository = "docker-internal/p2c/container-registry-probe";
const rights = { requiresAuthForPush: true, requiresAuthForPull: true };
const login = (username: string, secret = password(username)) => ({ username, password: secret });

const passwords = (ofCiBot: string) => ({ kind: "htpasswd", passwords: { "ci-bot": ofCiBot } }) as const;
const newCa = () => privateCa("Container Registry Lab Jenkins");

/** Long time limits, so that these registries answer in time even on a busy machine. */
const long = { totalSeconds: 50, silentSeconds: 50 };

/** The error's text when the registry rejects the request. The text must not contain the password. */
async function rejection(plan: Plan, ...[given]: [ReturnType<typeof login>?]): Promise<string> {
  const error: unknown = await askRegistry(plan, given, long).then(
    () => new Error("nothing was refused"),
    (error) => error,
  );
  const { name, message } = error as Error;
  expect(name).toBe("RegistryError");
  if (given) expect(message).not.toContain(given.password);
  return message.replaceAll(plan.url, "URL");
}

describe("a registry that gives tokens", () => {
  const accounts = [
    account("jenkins", { push: ["**"] }),
    account("team-a", { push: ["docker-internal/team-a/**"] }),
    account("reader", { pull: ["**"] }),
  ];
  const world = withWorld(async ({ use }) => {
    const closed = use(await startProxy({ accounts, requiresAuthForPull: true }));
    const open = use(await startProxy({ accounts, requiresAuthForPull: false }));
    return { closed, open };
  });

  const plan = (changes: Partial<Plan> = {}): Plan => ({ url: world().closed.url, repository, ...rights, ...changes });

  it("takes an account that may push and pull", async () => {
    expect(await askRegistry(plan(), login("jenkins"), long)).toEqual({ warnings: [] });
  });

  it("takes one that pushes where anybody pulls", async () => {
    const openly = plan({ url: world().open.url, requiresAuthForPull: false });
    expect(await askRegistry(openly, login("jenkins"), long)).toEqual({ warnings: [] });
  });

  it("refuses a wrong password", async () => {
    expect(await rejection(plan(), login("jenkins", "wrong password"))).toMatch(
      /^URL: the registry refuses registryUsername with registryPassword \(401\)/,
    );
  });

  it("refuses an account that may push elsewhere alone", async () => {
    expect(await rejection(plan(), login("team-a"))).toContain(
      `registryUsername may not push to ${repository} (403 DENIED)`,
    );
    const elsewhere = plan({ repository: "docker-internal/team-a/shop" });
    expect(await askRegistry(elsewhere, login("team-a"), long)).toEqual({ warnings: [] });
  });

  it("refuses an account that only pulls, unless the stack needs no more", async () => {
    expect(await rejection(plan(), login("reader"))).toContain(`may not push to ${repository}`);
    expect(await askRegistry(plan({ requiresAuthForPush: false }), login("reader"), long)).toEqual({ warnings: [] });
  });

  it("refuses an account that may not pull", async () => {
    const pulling = plan({ requiresAuthForPush: false });
    expect(await rejection(pulling, login("team-a"))).toContain(`registryUsername may not pull from ${repository}`);
  });

  it("warns where nobody pulls without a login, for what is not there may be kept secret", async () => {
    const { warnings } = await askRegistry(plan({ requiresAuthForPull: false }), login("jenkins"), long);
    expect(warnings).toEqual([
      expect.stringContaining("containerRegistry.requiresAuthForPull is false; set it to true"),
    ]);
  });

  it("has no repository more in its catalogue afterwards, no upload and no blob", async () => {
    await askRegistry(plan(), login("jenkins"), long);
    const { text } = await ask({ url: world().closed.registryUrl }, "GET /v2/_catalog");
    expect(JSON.parse(text)).toEqual({ repositories: [] });
    await expectNoUpload(world().closed);
  });
});

describe("a registry that asks for the login itself", () => {
  const registry = withWorld(() => startDistribution({ auth: passwords("pass: wörd") }));

  const plan = (changes: Partial<Plan> = {}): Plan => ({ url: registry().url, repository, ...rights, ...changes });

  it("takes the right password", async () => {
    expect(await askRegistry(plan(), login("ci-bot", "pass: wörd"), long)).toEqual({ warnings: [] });
  });

  it("refuses a wrong one", async () => {
    expect(await rejection(plan(), login("ci-bot", "wrong password"))).toContain("refuses registryUsername");
  });

  it("is no registry to pull from without a login", async () => {
    const openly = plan({ requiresAuthForPull: false });
    expect(await rejection(openly, login("ci-bot", "pass: wörd"))).toContain(
      "requiresAuthForPull is false; set it to true",
    );
    expect(await rejection({ ...openly, requiresAuthForPush: false })).toContain("set it to true");
  });
});

describe("a registry that asks nobody", () => {
  it("takes pushes from anybody, which a warning tells, and keeps no upload", async () => {
    await using registry = await startDistribution();
    const plan = { url: registry.url, repository, ...rights };
    const { warnings } = await askRegistry(plan, login("ci-bot", "any"), long);
    expect(warnings).toEqual([expect.stringContaining(`anybody may push to ${repository}`)]);
    await expectNoUpload(registry);
  });
});

describe("a registry with TLS", () => {
  const world = withWorld(async ({ use }) => {
    const ca = await newCa();
    const certificate = await ca.issue("localhost");
    const registry = use(await startDistribution({ certificate, auth: passwords("right") }));
    return { registry, ca: ca.certificate, certificate: certificate.cert };
  });

  const plan = (changes: Partial<Plan> = {}): Plan => ({
    url: world().registry.url,
    repository,
    ...rights,
    ...changes,
  });

  it("is asked where nodes are given the CA of its certificate", async () => {
    expect(await askRegistry(plan({ ca: world().ca }), login("ci-bot", "right"), long)).toEqual({ warnings: [] });
  });

  it("is asked where nodes are given its certificate itself, or an intermediate CA", async () => {
    expect(await askRegistry(plan({ ca: world().certificate }), login("ci-bot", "right"), long)).toEqual({
      warnings: [],
    });
  });

  it("is sent nothing where nodes are given another CA; the error names who issued what it shows", async () => {
    const { certificate: another } = await newCa();
    expect(await rejection(plan({ ca: another }), login("ci-bot", "right"))).toMatch(
      /^URL: shows a certificate issued by CN=Container Registry Lab Jenkins, which the CA in variant\.tls\.file does not verify/,
    );
  });

  it("is sent nothing where a public CA should have signed its certificate", async () => {
    expect(await rejection(plan(), login("ci-bot", "right"))).toMatch(
      /^URL: shows a certificate issued by CN=Container Registry Lab Jenkins, a CA that this machine does not trust/,
    );
  });

  it("is told from one of another name", async () => {
    const ca = await newCa();
    const certificate = await ca.issue("localhost", "127.0.0.1");
    await using other = await startDistribution({ certificate, host: "127.0.0.2" });
    const words = await rejection(plan({ url: other.url, ca: ca.certificate }), login("ci-bot", "right"));
    expect(words).toContain("its certificate is for another name");
  });

  it("is told from plain HTTP, either way round", async () => {
    const url = world().registry.url.replace("https", "http");
    expect(await rejection(plan({ url }), login("ci-bot", "right"))).toContain("or variant.tls if it speaks TLS");
    await using plain = await startDistribution();
    const secure = plan({ url: plain.url.replace("http", "https"), ca: world().ca });
    expect(await rejection(secure, login("ci-bot", "right"))).toContain("variant.tls: { kind: none }");
  });
});

/**
 * Expects that no upload is under way: it would have the files `startedat` and `data`. Of a cancelled upload, distribution leaves
 * only the hash of an empty content.
 */
async function expectNoUpload({ storage }: { storage: string }): Promise<void> {
  const left = await readdir(storage, { recursive: true, withFileTypes: true });
  const files = left.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect(file).toMatch(/\/_uploads\/[^/]+\/hashstates\/sha256\/0$/);
    expect((await stat(file)).size).toBeLessThan(200);
  }
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import { issueCertificate, newCa } from "../../../lab/services/ca.ts";
import { withWorld } from "../../with-world.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runFirst, runLines, runSection } from "../support/docs-pages/run-page.ts";
import { doctorFindings } from "../support/doctor-findings.ts";
import { ageLeaf } from "../support/host/aged-leaf.ts";
import { containers } from "../support/host/host-state.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { registryCommand } from "../support/registry-command.ts";
import { type Answer, request } from "../support/request.ts";
import { servedCertificate } from "../support/served-certificate.ts";

const host = "tls.lab.test";

const registry = withWorld(async ({ use }) => {
  const registry = use(await registryStack({ name: "tls" }));
  await registry.stack.up();
  return registry;
});

describe("a private CA", () => {
  it("is all that a client needs to trust the registry", async () => {
    expect(await ping()).toMatchObject({ status: 0, failure: expect.stringContaining("unable to get local issuer") });
    await trust(registry().machine, host, await registryCa());
    expect(await ping()).toMatchObject({ status: 401, failure: "" });
  });

  it("issues for validityDays", async () => {
    expect(await daysLeft()).toBe(397);
  });
});

describe("an ordinary up", () => {
  it("leaves a leaf alone that has more than renewBeforeDays to go", async () => {
    await ageLeaf(registry(), 31);
    expect(await daysLeft()).toBe(31);
    await registry().stack.preview({ expectNoChanges: true });
  });

  it.each([
    ["has fewer", 29, { status: 401, failure: "" }],
    ["ended yesterday", -1, { status: 0, failure: expect.stringContaining("certificate has expired") }],
  ])("renews a leaf that %s, by the same CA and without a restart", async (_what, days, before) => {
    await ageLeaf(registry(), days);
    expect(await ping()).toMatchObject(before);
    const [ca, running] = [await registryCa(), await containers(registry().machine)];

    await registry().stack.up();
    expect(await ping()).toMatchObject({ status: 401, failure: "" });
    expect(await daysLeft()).toBe(397);
    expect(await registryCa()).toBe(ca);
    expect(await containers(registry().machine)).toBe(running);
  });
});

describe("registry renew", () => {
  it("has up issue another leaf of the same CA, which is served without a restart", async () => {
    await ageLeaf(registry(), 100);
    const [ca, running] = [await registryCa(), await containers(registry().machine)];
    const { exitCode, output } = await registryCommand(registry().stack, ["renew"], "", namesOfTheLab).result;
    expect(exitCode, output).toBe(0);
    expect(await daysLeft()).toBe(397);
    expect([await registryCa(), await containers(registry().machine)]).toEqual([ca, running]);
  });
});

const page = docsPage("incidents/tls-renewal.md");

it("docs/incidents/tls-renewal.md › finds a leaf that ended, and has up issue another one", async () => {
  const { stack } = registry();
  await ageLeaf(registry(), -1);
  expect(await doctorFindings(stack)).toMatchObject([
    { check: "certificate-expired", mend: expect.stringMatching(/^pulumi up /) },
  ]);
  const ended = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  expect(await runFirst(stack, page)).toEqual({ exitCode: 3, output: expect.stringContaining(ended) });
  await runLines(stack, page, page.mendsOf("`private-ca`"));
  expect(await runSection(stack, page, "Over when")).toContain("nothing found");
});

describe("a provided certificate", () => {
  it("is served, and leaves registryCa empty", async () => {
    const { stack, machine, variant } = registry();
    const ca = await newCa("Example Organization");
    const own = await issueCertificate(ca, [host]);
    await stack.setConfig({ variant: { ...variant, tls: { kind: "provided" } } });
    const [set = "", key = "", up = ""] = page.mendsOf("`provided`");
    for (const [name, pem] of Object.entries({ tlsCertificate: own.certificate, [key]: own.key })) {
      const file = join(stack.stateDir, "chain.pem");
      await writeFile(file, pem);
      await runLines(stack, page, [set], { "chain.pem": file, tlsCertificate: name });
    }
    await runLines(stack, page, [up]);

    expect(await registryCa()).toBe("");
    expect(await ping()).toMatchObject({ status: 0, failure: expect.stringContaining("unable to get local issuer") });
    await trust(machine, host, ca.certificate);
    expect(await ping()).toMatchObject({ status: 401, failure: "" });
  });
});

describe("no TLS", () => {
  it("is served in clear and warned of", async () => {
    const { stack, variant } = registry();
    await stack.setConfig({ variant: { ...variant, tls: { kind: "none" } } });
    const { stdout } = await stack.up();

    expect(stdout).toContain(`warning: variant.tls.kind is none: passwords for ${host} travel in clear\n`);
    expect(await stack.outputs()).toMatchObject({ registryUrl: `http://${host}`, registryHost: host, registryCa: "" });
    const { status, headers } = await ping("http");
    expect(status).toBe(401);
    expect(headers).toContain(`Bearer realm="http://${host}/token",service="${host}"`);
    expect(await ping()).toMatchObject({ status: 0, failure: expect.stringContaining("Couldn't connect") });
  });
});

function ping(scheme = "https"): Promise<Answer> {
  return request(registry().machine, `${scheme}://${host}/v2/`);
}

async function registryCa(): Promise<string> {
  return String((await registry().stack.outputs()).registryCa);
}

async function daysLeft(): Promise<number> {
  const { validTo } = await servedCertificate(registry().machine, host);
  return Math.ceil((Date.parse(validTo) - Date.now()) / 86_400_000);
}

import { hashSync } from "bcryptjs";
import { describe, expect, it, vi } from "vitest";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";
import { startTraefik } from "../../lab/proxy/start-traefik.ts";
import type { AccountSecrets } from "../../render/proxy/account-secrets.ts";
import type { AccountRights } from "../../render/proxy/proxy-config.ts";
import fc from "../properties.ts";
import { accountName, treacherousNames } from "../unit/settings/account-names.ts";
import { withWorld } from "../with-world.ts";

const names = fc.uniqueArray(accountName, { minLength: 12, maxLength: 12 });

/** The only repository to which the account with this index may push. */
const ownRepository = (index: number) => `own/${index}`;

const accountsOf = (names: readonly string[]): AccountRights[] =>
  names.map((name, index) => account(name, { push: [ownRepository(index)] }));

const upload = (index: number) => `POST /v2/${ownRepository(index)}/blobs/uploads/`;

/** The indexes of the accounts to whose repositories a request with these credentials may push. */
async function pushableBy(proxy: StartedProxy, count: number, question: Question): Promise<number[]> {
  const asked = Array.from({ length: count }, async (_, index) => (await ask(proxy, upload(index), question)).status);
  return (await Promise.all(asked)).flatMap((status, index) => (status === 202 ? [index] : []));
}

/** Expects each name's proofs to push to the name's own repository, and to no other. */
async function expectOwnRightsAlone(
  proxy: StartedProxy,
  names: readonly string[],
  proofs: (name: string) => Question[],
) {
  for (const [index, name] of names.entries())
    for (const [proof, question] of proofs(name).entries())
      expect({ name, proof, pushes: await pushableBy(proxy, names.length, question) }).toEqual({
        name,
        proof,
        pushes: [index],
      });
}

const basic = (name: string, password: string): Question => ({
  headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
});
const bearer = (token: string): Question => ({ headers: { authorization: `Bearer ${token}` } });

describe.each([false, true])("an account of any name, requiresAuthForPull %s", (requiresAuthForPull) => {
  const proxy = withWorld(() => startProxy({ requiresAuthForPull }));

  it("has its own rights and no other's, by its password and by its token", async () => {
    await proxy().reload({ accounts: accountsOf(treacherousNames) });
    await expectOwnRightsAlone(proxy(), treacherousNames, (name) => [{ basic: name }, { bearer: name }]);
  }, 300_000);

  it("has them whatever the other names are", async () => {
    const runs = fc.asyncProperty(names, async (names) => {
      await proxy().reload({ accounts: accountsOf(names) });
      await expectOwnRightsAlone(proxy(), names, (name) => [{ basic: name }, { bearer: name }]);
    });
    await fc.assert(runs, { numRuns: 8, endOnFailure: true });
  }, 300_000);

  it("gets its own token for its password", async () => {
    await proxy().reload({ accounts: accountsOf(treacherousNames) });
    for (const name of treacherousNames) {
      const { text } = await ask(proxy(), "GET /token", { basic: name });
      expect([name, JSON.parse(text).token]).toEqual([name, `${name}-token`]);
    }
  });

  it("keeps them while two of its passwords work", async () => {
    const proof = (name: string, age: string) => ({
      passwordHash: hashSync(`${name} ${age}`, 4),
      token: `${name}-${age}-token`,
    });
    const secrets = treacherousNames.map(
      (name): AccountSecrets => ({ name, ...proof(name, "new"), previous: proof(name, "old") }),
    );
    await proxy().reload({ accounts: accountsOf(treacherousNames) }, secrets);
    const proofs = (name: string) =>
      ["new", "old"].flatMap((age) => [basic(name, `${name} ${age}`), bearer(`${name}-${age}-token`)]);
    await expectOwnRightsAlone(proxy(), treacherousNames, proofs);
    for (const name of treacherousNames)
      for (const age of ["new", "old"]) {
        const { text } = await ask(proxy(), "GET /token", basic(name, `${name} ${age}`));
        expect([name, JSON.parse(text).token]).toEqual([name, `${name}-${age}-token`]);
      }
  }, 300_000);

  it("ends on its own last day, and on no other's", async () => {
    const accounts = accountsOf(treacherousNames).map((each, index) =>
      index % 2 === 0 ? { ...each, expires: "2001-01-01" } : { ...each, expires: "9999-12-31" },
    );
    await proxy().reload({ accounts });
    for (const [index, name] of treacherousNames.entries())
      for (const question of [{ basic: name }, { bearer: name }])
        expect([name, (await ask(proxy(), upload(index), question)).status]).toEqual([
          name,
          index % 2 === 0 ? 401 : 202,
        ]);
  });
});

describe("an account of any name, behind Traefik", () => {
  const accounts = treacherousNames.map((name, index) =>
    account(name, index % 2 === 0 ? { push: ["**"] } : { pull: ["**"] }),
  );
  const traefik = withWorld(() => startTraefik({ accounts }));

  it("has its own rights by its password, and nobody's by another's", async () => {
    for (const [index, { name }] of accounts.entries()) {
      const other = accounts[(index + 1) % accounts.length]?.name ?? "";
      const statuses = await Promise.all([
        ask(traefik(), "GET /v2/", { basic: name }),
        ask(traefik(), upload(0), { basic: name }),
        ask(traefik(), "GET /v2/", basic(name, `${other}-password`)),
      ]);
      expect([name, ...statuses.map(({ status }) => status)]).toEqual([name, 200, index % 2 === 0 ? 202 : 401, 401]);
    }
  }, 300_000);

  it("has the rights of its next name once it has another", async () => {
    const renamed = accounts.map((each, index) => ({ ...each, name: treacherousNames.at(index - 1) ?? "" }));
    await traefik().reload({ accounts: renamed });
    const [first = { name: "" }] = renamed;
    await vi.waitUntil(async () => (await ask(traefik(), upload(0), { basic: first.name })).status === 202, 30_000);
    for (const [index, { name }] of renamed.entries())
      expect([name, (await ask(traefik(), upload(0), { basic: name })).status]).toEqual([
        name,
        index % 2 === 0 ? 202 : 401,
      ]);
  }, 300_000);
});

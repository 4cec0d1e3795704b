import bcrypt from "bcryptjs";
import { describe, expect, it } from "vitest";
import { RegistryAccounts, type RegistryAccountsArgs } from "../../components/registry-accounts.ts";
import type { Rotation } from "../../settings/rotation.ts";
import { outputValue, recorded } from "./recorded.ts";

async function created(args: Partial<RegistryAccountsArgs> = {}) {
  const { created, resources } = await recorded(
    () => new RegistryAccounts("accounts", { names: ["jenkins"], tokenKey: "the stack's own", ...args }),
  );
  const [jenkins] = await outputValue(created.credentials);
  if (!jenkins) throw new Error("no jenkins");
  return { jenkins, names: resources.map(({ name }) => name).filter((name) => name !== "accounts") };
}

const rotated = (generation: number, previous: Rotation["previous"]) => ({
  rotations: { jenkins: { generation, date: "2027-01-15", previous } },
});

describe("RegistryAccounts", () => {
  it("creates the same resources as ever where nothing was rotated", async () => {
    const { jenkins, names } = await created();
    expect(names).toEqual(["accounts-jenkins-password"]);
    expect(jenkins).toMatchObject({ password: "accounts-jenkins-password-result" });
    expect(jenkins).not.toHaveProperty("previous");
  });

  it("accepts account names that are property names of JavaScript objects", async () => {
    const { names } = await created({
      names: ["constructor"],
      passwords: { jenkins: "given" },
      ...rotated(1, "valid"),
    });
    expect(names).toEqual(["accounts-constructor-password"]);
  });

  it.each<[number, Rotation["previous"], string[], string]>([
    [1, "current", ["accounts-jenkins-password-1", "accounts-jenkins-password"], "accounts-jenkins-password"],
    [1, "valid", ["accounts-jenkins-password-1", "accounts-jenkins-password"], "accounts-jenkins-password-1"],
    [1, "revoked", ["accounts-jenkins-password-1"], "accounts-jenkins-password-1"],
    [7, "valid", ["accounts-jenkins-password-7", "accounts-jenkins-password-6"], "accounts-jenkins-password-7"],
  ])("generation %i, previous %s › holds %j and hands out %s", async (generation, previous, names, handedOut) => {
    const { jenkins, names: found } = await created(rotated(generation, previous));
    expect(found).toEqual(names);
    expect(jenkins.password).toBe(`${handedOut}-result`);
    expect([jenkins.passwordHash, jenkins.previous?.passwordHash]).toEqual(
      [names[0], names[1]].map((name) => name && `$2a$10$${name}-hash`),
    );
  });

  it("keeps a password's hash and token while it becomes the previous one", async () => {
    const first = await created();
    const both = await created(rotated(1, "valid"));
    const second = await created(rotated(1, "revoked"));
    const proof = ({ passwordHash, token }: { passwordHash: string; token: string }) => ({ passwordHash, token });
    expect(both.jenkins.previous).toEqual(proof(first.jenkins));
    expect(proof(both.jenkins)).toEqual(proof(second.jenkins));
    expect(both.jenkins.token).not.toBe(both.jenkins.previous?.token);
  });

  it("accepts the password of an htpasswd file beside the account's own, which consumers get", async () => {
    const plain = await created();
    const { jenkins, names } = await created({ htpasswd: { jenkins: "$2y$05$of-the-file" } });
    expect(names).toEqual(plain.names);
    expect(jenkins).toEqual({
      ...plain.jenkins,
      previous: { passwordHash: "$2y$05$of-the-file", token: expect.any(String) },
    });
    expect(jenkins.previous?.token).not.toBe(jenkins.token);
  });

  it("does the same with passwords from the stack file: both share a salt", async () => {
    const first = await created({ passwords: { jenkins: "old" } });
    const early = await created({ passwords: { jenkins: ["new", "old"] }, ...rotated(1, "current") });
    const both = await created({ passwords: { jenkins: ["new", "old"] }, ...rotated(1, "valid") });
    const second = await created({ passwords: { jenkins: "new" }, ...rotated(1, "revoked") });

    expect([first, both, second].map(({ names }) => names)).toEqual(Array(3).fill(["accounts-jenkins-salt"]));
    expect([first, early, both, second].map(({ jenkins }) => jenkins.password)).toEqual(["old", "old", "new", "new"]);
    expect(both.jenkins.previous?.token).toBe(first.jenkins.token);
    expect(both.jenkins.token).toBe(second.jenkins.token);
    expect(bcrypt.compareSync("old", both.jenkins.previous?.passwordHash ?? "")).toBe(true);
    expect(bcrypt.compareSync("new", both.jenkins.passwordHash)).toBe(true);
  });
});

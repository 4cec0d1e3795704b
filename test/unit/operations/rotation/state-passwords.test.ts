import { describe, expect, it } from "vitest";
import { statePasswords } from "../../../../operations/rotation/state-passwords.ts";
import fc from "../../../properties.ts";
import { accountName } from "../../settings/account-names.ts";

/** A state with the first password of each account, and the second of every other. */
function stateOf(accounts: readonly string[]): unknown {
  const resources = accounts.flatMap((account, index) =>
    (index % 2 === 0 ? [""] : ["", "-1"]).map((generation) => ({
      urn: `urn:pulumi:dev::container-registry::a$b::registry-accounts-${account}-password${generation}`,
      outputs: { result: `${account}${generation}` },
    })),
  );
  return { deployment: { resources } };
}

describe("statePasswords", () => {
  it("finds an account's own passwords, the newest first, and none of an account with a similar name", () => {
    const accounts = ["a.b", "a-b", "a_b", "axb", "a-b-password", "b"];
    const state = stateOf(accounts);
    expect(accounts.map((account) => statePasswords(state, account))).toEqual([
      ["a.b"],
      ["a-b-1", "a-b"],
      ["a_b"],
      ["axb-1", "axb"],
      ["a-b-password"],
      ["b-1", "b"],
    ]);
  });

  it("does so for names of any kind", () => {
    const names = fc.uniqueArray(accountName, { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(names, (names) => {
        const state = stateOf(names);
        for (const [index, name] of names.entries())
          expect(statePasswords(state, name)).toEqual(index % 2 === 0 ? [name] : [`${name}-1`, name]);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { chosen } from "../../../../operations/rotation/prepare.ts";
import { revoke } from "../../../../operations/rotation/revoke.ts";
import { withoutHtpasswdLine } from "../../../../settings/secrets/htpasswd.ts";
import { commandOn, World } from "./fake-stack.ts";

/** The htpasswd file gave dana a second password. */
function world(): World {
  const created = Object.assign(new World(["jenkins", "dana"]), { inHtpasswd: ["dana"] });
  created.up(() => {});
  return created;
}

describe("an account with a line in the secret htpasswd", () => {
  it("is left out of --all, and said so", () => {
    const before = world();
    expect(chosen(commandOn(before), { all: true }, false)).toEqual(["jenkins"]);
    expect(before.said).toEqual(["left out, for the secret htpasswd has their lines: dana"]);
  });

  it("is refused by its name, with the way out", () => {
    expect(() => chosen(commandOn(world()), { account: "dana" }, false)).toThrow(
      "dana has a password from the secret htpasswd beside its own, and two at most; once nobody uses it, remove the line",
    );
  });

  it("loses the line when it is revoked", async () => {
    const after = world();
    after.consumers = {};
    await revoke(commandOn(after), "dana", { verify: false });
    expect(after.inHtpasswd).toEqual([]);
  });
});

describe("an htpasswd text without a line", () => {
  it.each([
    ["a:1\nb:2\n", "a", "b:2\n"],
    ["# a:1\na:1\nb:2", "a", "# a:1\nb:2"],
    ["a:1\n", "a", undefined],
    ["# comment\na:1\n\n", "a", undefined],
    ["a:1\n", "b", "a:1\n"],
  ])("%j without %s › %j", (text, name, rest) => {
    expect(withoutHtpasswdLine(text, name)).toBe(rest);
  });
});

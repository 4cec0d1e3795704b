import { describe, expect, it } from "vitest";
import { chosen } from "../../../../operations/rotation/prepare.ts";
import { revoke } from "../../../../operations/rotation/revoke.ts";
import { rotate } from "../../../../operations/rotation/rotate.ts";
import { commandOn, World } from "./fake-stack.ts";

const options = { overlapSeconds: 600, keepPrevious: false, verify: true };

/** dana's last day is over: the registry refuses her whatever she says. */
function world(changes: Partial<World> = {}): World {
  const created = Object.assign(new World(["jenkins", "dana"]), { ended: ["dana"], ...changes });
  created.up(() => {});
  return created;
}

describe("an account whose last day is over", () => {
  it("is left out of --all, and said so", async () => {
    const after = world();
    const stack = commandOn(after);
    const accounts = chosen(stack, { all: true }, false);
    expect(accounts).toEqual(["jenkins"]);
    expect(after.said).toEqual([
      "left out, for their last day is over: dana; set accounts[].expires to a later day first",
    ]);
    await rotate(stack, { ...options, accounts });
    expect(after.registry).toMatchObject({ jenkins: ["jenkins-1"], dana: ["dana-0"] });
  });

  it("is refused by its name", () => {
    expect(() => chosen(commandOn(world()), { account: "dana" }, false)).toThrow(
      "dana's last day is over, and the registry refuses every password of dana; set accounts[].expires to a later day first",
    );
  });

  it("keeps no rotation from its end that began before", async () => {
    const stillValid = { generation: 1, date: "2027-01-01", previous: "valid" } as const;
    const after = world({ rotations: { dana: stillValid, jenkins: stillValid } });
    const accounts = chosen(commandOn(after), {}, false);
    expect(accounts).toEqual(["jenkins", "dana"]);
    await rotate(commandOn(after), { ...options, accounts });
    expect(after.registry).toEqual({ jenkins: ["jenkins-1"], dana: ["dana-1"] });
  });

  it("is cut off as any other", async () => {
    const after = world();
    // She cannot push anyway.
    delete after.consumers.dana;
    await revoke(commandOn(after), "dana", { verify: true });
    expect(after.registry.dana).toEqual(["dana-1"]);
  });
});

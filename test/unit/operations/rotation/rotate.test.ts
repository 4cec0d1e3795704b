import { describe, expect, it } from "vitest";
import { chosen } from "../../../../operations/rotation/prepare.ts";
import { revoke } from "../../../../operations/rotation/revoke.ts";
import { type RotateOptions, rotate } from "../../../../operations/rotation/rotate.ts";
import { commandOn, Killed, World } from "./fake-stack.ts";

const options: RotateOptions = { accounts: ["jenkins"], overlapSeconds: 600, keepPrevious: false, verify: true };

function world(changes: Partial<World> = {}): World {
  const created = Object.assign(new World(["jenkins", "team-a"]), changes);
  const { learns } = created;
  created.learns = "in-up";
  created.up(() => {});
  created.learns = learns;
  return created;
}

const variants = [
  ["a proxy that knows at once", () => world(), "jenkins-1"],
  ["a proxy that learns late", () => world({ learns: "in-a-pod" }), "jenkins-1"],
  ["a given password", () => world({ given: { jenkins: "old" } }), "new"],
  [
    "a given password, and a proxy that learns late",
    () => world({ given: { jenkins: "old" }, learns: "in-pods" }),
    "new",
  ],
] as const;

describe.each(variants)("rotate with %s", (_what, start, newest) => {
  const newPassword = newest === "new" ? newest : undefined;

  it("ends with the new password alone, and no push failed", async () => {
    const after = start();
    await rotate(commandOn(after), { ...options, newPassword });
    expect(after.registry.jenkins).toEqual([newest]);
    expect(after.consumers.jenkins).toBe(newest);
    expect(after.rotations.jenkins).toEqual({ generation: 1, date: "2027-01-15", previous: "revoked" });
    expect(after.registry["team-a"]).toEqual(["team-a-0"]);
    expect(after.lastPod?.jenkins ?? [newest]).toEqual([newest]);
  });

  it("waits the overlap while both work", async () => {
    const after = start();
    await rotate(commandOn(after), { ...options, newPassword, keepPrevious: true });
    expect(after.registry.jenkins).toHaveLength(2);
    expect(after.consumers.jenkins).toBe(newest);
    const begun = after.clock;
    await rotate(commandOn(after), options);
    expect(after.clock - begun).toBeGreaterThanOrEqual(600);
    expect(after.registry.jenkins).toEqual([newest]);
  });

  it("killed anywhere, goes on where it was, and no push failed", async () => {
    let killed = 0;
    for (let action = 1; ; action++) {
      const after = start();
      const first = await rotate(commandOn(after, action), { ...options, newPassword }).catch((error) => error);
      if (first === undefined) break;
      expect(first).toBeInstanceOf(Killed);
      killed++;
      // As a person would: what was interrupted, and where nothing was under way yet, once more.
      const again = commandOn(after);
      await rotate(again, { ...options, accounts: chosen(again, {}, false) });
      if (!after.registry.jenkins?.includes(newest)) await rotate(commandOn(after), { ...options, newPassword });
      expect([action, after.inForce("jenkins")]).toEqual([action, [after.consumers.jenkins]]);
      after.wait(120);
      expect([action, after.registry.jenkins]).toEqual([action, [after.consumers.jenkins]]);
      expect(after.consumers.jenkins).not.toBe(start().consumers.jenkins);
    }
    expect(killed).toBeGreaterThan(8);
  });
});

describe("rotate where several pods learn late", () => {
  const started = () => world({ learns: "in-pods" });

  it.each([true, false])(
    "waits for no time but the overlap where the pods can be asked, verify: %s",
    async (verify) => {
      const after = started();
      const begun = after.clock;
      // What a registry with the password in one pod answers: verify sees the new one from then on.
      after.up = function (killed) {
        World.prototype.up.call(this, killed);
        this.bring();
      };
      await rotate(commandOn(after), { ...options, verify });
      expect(after.clock - begun).toBe(options.overlapSeconds);
      expect(after.lastPod?.jenkins).toEqual(["jenkins-1"]);
    },
  );

  it("gives the kubelets their time where the pods cannot be asked, and says why", async () => {
    const after = Object.assign(started(), { podsProblem: "pods is forbidden" });
    await rotate(commandOn(after), { ...options, verify: false });
    expect(after.clock).toBeGreaterThanOrEqual(options.overlapSeconds + 2 * 120);
    expect(after.lastPod?.jenkins).toEqual(["jenkins-1"]);
    expect(after.said).toContainEqual(expect.stringContaining("(pods is forbidden); each does in 120 s"));
  });
});

describe("revoke", () => {
  it("leaves the leaked password and its token to nobody, in the middle of a rotation too", async () => {
    const after = world();
    await rotate(commandOn(after), { ...options, keepPrevious: true });
    expect(after.registry.jenkins).toEqual(["jenkins-1", "jenkins-0"]);
    await revoke(commandOn(after), "jenkins", { verify: true });
    expect(after.registry.jenkins).toEqual(["jenkins-2"]);
    expect(after.consumers.jenkins).toBe("jenkins-2");
  });

  it("takes a given password", async () => {
    const after = world({ given: { jenkins: "old" } });
    await revoke(commandOn(after), "jenkins", { newPassword: "new", verify: true });
    expect(after.registry.jenkins).toEqual(["new"]);
  });

  it("ends only when the last of several pods refuses the leaked password", async () => {
    const after = world({ learns: "in-pods" });
    // Its pushes fail until every pod knows the new one, as they must.
    after.consumers = {};
    after.push = () => {};
    await revoke(commandOn(after), "jenkins", { verify: true });
    expect(after.lastPod?.jenkins).toEqual(["jenkins-1"]);
  });
});

describe("a given password that is the account's already", () => {
  it.each<[string, World["given"][string]]>([
    ["the only one", "same"],
    ["the new one of two", ["same", "other"]],
    ["the one before", ["other", "same"]],
  ])("%s › is refused by rotate and revoke, and nothing is written", async (_which, before) => {
    const after = world({ given: { jenkins: before } });
    const files = structuredClone([after.rotations, after.given]);
    const message = "that is a password of jenkins already; give another";
    for (const verify of [true, false]) {
      await expect(revoke(commandOn(after), "jenkins", { newPassword: "same", verify })).rejects.toThrow(message);
      if (before === "same")
        await expect(rotate(commandOn(after), { ...options, newPassword: "same", verify })).rejects.toThrow(message);
    }
    expect([after.rotations, after.given]).toEqual(files);
  });
});

describe("an account called constructor, which every JavaScript object has", () => {
  it("gets an entry of its own where its two given passwords come to an end", async () => {
    const after = new World(["constructor"]);
    after.given = { constructor: ["new", "old"] };
    after.up(() => {});
    await rotate(commandOn(after), { ...options, accounts: ["constructor"] });
    expect(after.rotations).toEqual({ constructor: { generation: 1, date: "2027-01-15", previous: "revoked" } });
    expect(after.registry).toEqual({ constructor: ["new"] });
  });
});

describe("whose passwords", () => {
  const given = { given: { dana: "correct horse" } };
  const some = () => commandOn(Object.assign(new World(["jenkins", "dana"]), given));
  const half = () =>
    commandOn(
      Object.assign(new World(["jenkins", "dana"]), {
        given: { dana: ["new", "old"] },
        rotations: { jenkins: { generation: 1, date: "2027-01-15", previous: "valid" } },
      }),
    );

  it("are the interrupted ones unless asked for", () => {
    expect(chosen(some(), {}, false)).toEqual([]);
    expect(chosen(half(), {}, false)).toEqual(["jenkins", "dana"]);
  });

  it("are all generated ones with --all", () => {
    expect(chosen(some(), { all: true }, false)).toEqual(["jenkins"]);
  });

  it.each<[string, () => unknown]>([
    [
      "the secret passwords gives dana's; give the new one: --password-stdin",
      () => chosen(some(), { account: "dana" }, false),
    ],
    ["jenkins's password is generated", () => chosen(some(), { account: "jenkins" }, true)],
    ["two passwords of dana work already", () => chosen(half(), { account: "dana" }, true)],
    ["--password-stdin needs --account", () => chosen(some(), { all: true }, true)],
  ])("are refused: %s", (message, choose) => {
    expect(choose).toThrow(message);
  });
});

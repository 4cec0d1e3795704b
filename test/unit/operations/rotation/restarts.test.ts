import { describe, expect, it } from "vitest";
import { revoke } from "../../../../operations/rotation/revoke.ts";
import { type RotateOptions, rotate } from "../../../../operations/rotation/rotate.ts";
import { commandOn, World } from "./fake-stack.ts";

const options: RotateOptions = { accounts: ["pods"], overlapSeconds: 600, keepPrevious: false, verify: true };

function world(): World {
  const created = Object.assign(new World(["pods", "jenkins"]), { restarts: { pods: ["node-1", "node-2"] } });
  created.up(() => {});
  return created;
}

// k3s and RKE2 read credentials when they start.
describe("an account that nodes pull with, which nobody restarts", () => {
  it("keeps both passwords until somebody has restarted them, and says so", async () => {
    const after = world();
    await rotate(commandOn(after), options);
    expect(after.registry.pods).toEqual(["pods-1", "pods-0"]);
    expect(after.said.at(-1)).toBe(
      "both passwords work: node-1, node-2 have the old one until k3s or RKE2 restarts there; restart it, then: npm run -s registry -- rotate",
    );

    const before = after.clock;
    await rotate(commandOn(after), options);
    expect(after.registry.pods).toEqual(["pods-1"]);
    expect(after.clock - before).toBeGreaterThanOrEqual(600);
    expect(after.said).toContain("node-1, node-2: restart k3s or RKE2 there within 600 s, unless that is done");
  });

  it("holds up nobody else's rotation", async () => {
    const after = world();
    await rotate(commandOn(after), { ...options, accounts: ["jenkins"] });
    expect(after.registry.jenkins).toEqual(["jenkins-1"]);
  });

  it("is cut off at once, and who pulls no more is named", async () => {
    const after = world();
    await revoke(commandOn(after), "pods", { verify: true });
    expect(after.registry.pods).toEqual(["pods-1"]);
    expect(after.said).toEqual(["node-1, node-2: pull again once k3s or RKE2 is restarted there"]);
  });
});

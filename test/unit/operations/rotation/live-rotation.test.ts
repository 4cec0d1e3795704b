import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveRotation } from "../../../../operations/rotation/live-rotation.ts";
import { changed, hostKey, hostStack, parsed, type Stack, traefikImages } from "../../settings/stacks.ts";

const live = (stack: Stack) =>
  new LiveRotation({ name: "dev", options: ["--stack", "dev"], kubernetes: {}, ...parsed(stack) });

const accounts = ["jenkins", "dana"].map((name) => ({ name, push: ["**"] }));

describe("who can log in at all", () => {
  beforeEach(() => vi.useFakeTimers({ now: new Date("2027-01-15T23:59:59Z"), toFake: ["Date"] }));
  afterEach(() => vi.useRealTimers());
  const withDana = (expires: string | undefined) =>
    live(
      changed(hostStack, {
        accounts: [
          { name: "jenkins", push: ["**"] },
          { name: "dana", expires },
        ],
      }),
    );

  it.each([
    [undefined, true],
    ["2027-01-14", false],
    ["2027-01-15", true],
    ["2199-12-31", true],
  ])("is dana until the end of %s: %s", (expires, can) => {
    expect(withDana(expires).canLogIn("dana")).toBe(can);
  });

  it("is, behind Traefik, who may read: it asks by method", () => {
    const accounts = [
      { name: "jenkins", push: ["**"] },
      { name: "cleaner", delete: ["**"] },
    ];
    const traefik = {
      "variant.proxy": "traefik",
      "variant.images": traefikImages,
      "containerRegistry.requiresAuthForPull": true,
    };
    const behind = (changes: Record<string, unknown>) => live(changed(hostStack, { accounts, ...changes }));
    expect(["jenkins", "cleaner"].map((name) => behind(traefik).canLogIn(name))).toEqual([true, false]);
    expect(behind({}).canLogIn("cleaner")).toBe(true);
  });
});

describe("nodes that somebody must restart", () => {
  it("are those that hold the account's password, and that up does not restart", () => {
    const rows = [
      { name: "holds", account: "jenkins" },
      { name: "is-restarted", account: "jenkins", restart: true },
      { name: "holds-another", account: "dana" },
      { name: "holds-none" },
    ];
    const nodes = rows.map((row, index) => ({
      ...row,
      runtime: "k3s",
      connection: { kind: "ssh", address: `203.0.113.${20 + index}`, user: "ubuntu", hostKey },
    }));
    const stack = live(changed(hostStack, { "containerRegistry.requiresAuthForPull": true, nodes, accounts }));
    expect(stack.nodesToRestart("jenkins")).toEqual(["holds"]);
  });
});

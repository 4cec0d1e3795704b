import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { isLockOfTheDead } from "../../../../operations/rotation/up.ts";

const lock = (host: string, pid: number) =>
  `  file:///state/.pulumi/locks/a.json: created by root@${host} (pid ${pid}) at 2027-01-15T00:00:00Z`;

describe("a lock", () => {
  it.each([
    ["of a process of this machine that ended", lock(hostname(), 11), true],
    ["of one that runs", lock(hostname(), 12), false],
    ["of another machine", lock(`${hostname()}-2`, 11), false],
    ["of two, one of which runs", `${lock(hostname(), 11)}\n${lock(hostname(), 12)}`, false],
    ["in no output", "error: Jenkins does not answer", false],
  ])("%s is given up: %o", (_whose, output, dead) => {
    expect(isLockOfTheDead(output, (pid) => pid === 12)).toBe(dead);
  });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withLabLock } from "../../../lab/lock.ts";
import { stateDirectory } from "../../../lab/state.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "container-registry-lock-"));
  vi.stubEnv("XDG_STATE_HOME", home);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

it("withLabLock › lets one in at a time", async () => {
  const steps: string[] = [];
  const enter = (name: string) =>
    withLabLock(async () => {
      steps.push(`${name} in`);
      await sleep(50);
      steps.push(`${name} out`);
    });
  await Promise.all([enter("a"), enter("b")]);
  const [first, ...rest] = steps;
  expect([first, ...rest]).toEqual(
    first === "a in" ? ["a in", "a out", "b in", "b out"] : ["b in", "b out", "a in", "a out"],
  );
});

it("withLabLock › opens again after a failure", async () => {
  await expect(withLabLock(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await withLabLock(async () => "in")).toBe("in");
});

it("withLabLock › takes over from a process that died", async () => {
  await withLabLock(async () => {});
  const pidOfNobody = 2 ** 22 + 1;
  await writeFile(join(stateDirectory(), "lock"), String(pidOfNobody));
  expect(await withLabLock(() => readFile(join(stateDirectory(), "lock"), "utf8"))).toBe(String(process.pid));
});

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { takeFreeLock, takeLabLock, withLabLock } from "../../../../lab/locks/lock.ts";
import { stateDirectory } from "../../../../lab/state.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const home = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "container-registry-lock");
  vi.stubEnv("XDG_STATE_HOME", folder);
  cleanup.defer(() => vi.unstubAllEnvs());
  return folder;
});

it("withLabLock › runs one holder at a time", async () => {
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

it("withLabLock › releases the lock after a failure", async () => {
  await expect(withLabLock(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await withLabLock(async () => "in")).toBe("in");
});

it("takeLabLock › holds the lock until its process ends, killed or not", async () => {
  const file = new URL("../../../../lab/locks/lock.ts", import.meta.url);
  const program = `const { takeLabLock } = await import("${file}");
    await takeLabLock("cluster-x");
    console.log("taken");
    setInterval(() => {}, 1000);`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  const holder = execa(process.execPath, args, { env: { XDG_STATE_HOME: home() }, reject: false });
  await new Promise((resolve) => holder.stdout.once("data", resolve));

  let taken = false;
  const waiting = takeLabLock("cluster-x").then((release) => {
    taken = true;
    return release;
  });
  await sleep(600);
  expect(taken).toBe(false);
  holder.kill("SIGKILL");
  await (await waiting)();
});

it("withLabLock › takes the lock of a dead process whose pid was reused", async () => {
  const file = join(stateDirectory(), "lock");
  await withLabLock(async () => {});
  await writeFile(file, String(process.ppid));
  expect(await withLabLock(() => readFile(file, "utf8"))).toBe(String(process.pid));
});

describe("takeFreeLock", () => {
  const clusters = ["cluster-x", "cluster-y"] as const;

  it("takes the first lock, then the next", async () => {
    const taken = [await takeFreeLock(clusters), await takeFreeLock(clusters)];
    expect(taken.map(({ part }) => part)).toEqual(clusters);
    for (const { release } of taken) await release();
  });

  it("waits while none is free, and takes the one that is released first", async () => {
    const [first, second] = [await takeFreeLock(clusters), await takeFreeLock(clusters)];
    const third = takeFreeLock(clusters);
    expect(await Promise.race([third, sleep(600, "waiting")])).toBe("waiting");
    await second.release();
    expect((await third).part).toBe("cluster-y");
    await first.release();
    await (await third).release();
  });
});

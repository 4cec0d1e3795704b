import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "../lab-error.ts";
import { say } from "../progress.ts";
import { stateDirectory } from "../state.ts";
import { holdName } from "./held-name.ts";

/** How long to wait for a lock: twice as long as building the whole lab from empty caches takes. */
const retryMinutes = 30;

/** What a lock is for: a part of the lab while it is built, or a shared cluster while one process uses it. */
export type LabLock = "lab" | "builds" | "go" | "packages" | `images-${string}` | "cluster" | `cluster-${string}`;

/** Runs the work while no other process holds that lock. */
export async function withLabLock<T>(work: () => Promise<T>, part: LabLock = "lab"): Promise<T> {
  const release = await takeLabLock(part);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Takes a lock until this process ends, even by a kill. The returned function releases the lock earlier. */
export async function takeLabLock(part: LabLock): Promise<() => Promise<void>> {
  return (await takeFreeLock([part])).release;
}

/** The lock that was taken, and the function that releases it before the process ends. */
export type TakenLock<Part extends LabLock> = { part: Part; release: () => Promise<void> };

/** Takes the first free lock of several. If none of them is free, this function waits until one is released. */
export async function takeFreeLock<Part extends LabLock>(parts: readonly Part[]): Promise<TakenLock<Part>> {
  await mkdir(stateDirectory(), { recursive: true });
  const deadline = Date.now() + retryMinutes * 60_000;
  let reported = false;
  for (;;) {
    for (const part of parts) {
      const release = await tryLock(part);
      if (release !== undefined) return { part, release };
    }
    const holders = await holdersOf(parts);
    if (Date.now() > deadline)
      throw new LabError(
        `the lock of the lab's ${parts.join(", ")} was not released within ${retryMinutes} minutes; see what the process that holds it does (ps -p ${holders}), and end it`,
      );
    if (holders !== "" && !reported)
      say(`… waiting for the lock of the lab's ${parts.join(", ")}, held by another process (pid ${holders})`);
    reported ||= holders !== "";
    await sleep(250);
  }
}

/**
 * Takes a lock and returns the function that releases it, or undefined if another process, or another part of this process,
 * holds the lock.
 */
async function tryLock(part: LabLock): Promise<(() => Promise<void>) | undefined> {
  const file = fileOf(part);
  const held = await hold(file);
  if (held === undefined) return undefined;
  await writeFile(file, String(process.pid));
  return async () => {
    await rm(file, { force: true });
    await once(held.close(), "close");
  };
}

function fileOf(part: LabLock): string {
  return join(stateDirectory(), part === "lab" ? "lock" : `${part}-lock`);
}

/** The name of an abstract socket has a maximum length that a path may exceed, so the path is hashed. */
function hold(file: string) {
  return holdName(createHash("sha256").update(file).digest("hex").slice(0, 16));
}

/**
 * The ids of the processes that hold these locks, for messages only: a lock's file names the process that took the lock last, and
 * that process may have ended since.
 */
async function holdersOf(parts: readonly LabLock[]): Promise<string> {
  const pids = await Promise.all(parts.map((part) => readFile(fileOf(part), "utf8").catch(() => "")));
  return pids.filter((pid) => pid !== "").join(",");
}

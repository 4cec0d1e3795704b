import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "../lab-error.ts";
import { say } from "../progress.ts";
import { stateDirectory } from "../state.ts";
import { holdName } from "./held-name.ts";

/** A cold lab takes half as long to build. */
const retryMinutes = 30;

/** What is locked: a part of the lab while it is made, a cluster that several share while one works with it. */
export type LabLock = "lab" | "builds" | "go" | "packages" | `images-${string}` | "cluster" | `cluster-${string}`;

/** Runs alone among all processes that prepare that part of the lab. */
export async function withLabLock<T>(work: () => Promise<T>, part: LabLock = "lab"): Promise<T> {
  const release = await takeLabLock(part);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Takes a lock until this process ends, however it does; the function it gives back is for an earlier end. */
export async function takeLabLock(part: LabLock): Promise<() => Promise<void>> {
  await mkdir(stateDirectory(), { recursive: true });
  const file = join(stateDirectory(), part === "lab" ? "lock" : `${part}-lock`);
  const deadline = Date.now() + retryMinutes * 60_000;
  let told = false;
  for (;;) {
    const held = await hold(file);
    if (held !== undefined) {
      await writeFile(file, String(process.pid));
      return async () => {
        await rm(file, { force: true });
        await once(held.close(), "close");
      };
    }
    const pid = await holder(file);
    if (Date.now() > deadline)
      throw new LabError(
        `pid ${pid} holds the lock of the lab's ${part} for ${retryMinutes} minutes; see what it does (ps -p), and end it`,
      );
    if (pid && !told) say(`… another process (pid ${pid}) has the lock of the lab's ${part}; waiting for it`);
    told ||= pid > 0;
    await sleep(250);
  }
}

/** By the file's name, which is as long as it is, and a socket's is not. */
function hold(file: string) {
  return holdName(createHash("sha256").update(file).digest("hex").slice(0, 16));
}

/** For people alone: who took the lock last. */
async function holder(file: string): Promise<number> {
  return Number(await readFile(file, "utf8").catch(() => ""));
}

import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./alive.ts";
import { LabError } from "./lab-error.ts";
import { say } from "./progress.ts";
import { stateDirectory } from "./state.ts";

/** A cold lab takes half as long to build. */
const patienceMinutes = 30;

/** What is locked: a part of the lab while it is made, a cluster that several share while one works with it. */
export type LabLock = "lab" | "builds" | "packages" | "cluster" | `cluster-${string}`;

/** Runs alone among all processes that prepare that part of the lab; a lock whose holder died is taken over. */
export async function withLabLock<T>(work: () => Promise<T>, part: LabLock = "lab"): Promise<T> {
  const file = await takeLabLock(part);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes a lock until this process ends; its file is what to remove for an earlier end. */
export async function takeLabLock(part: LabLock): Promise<string> {
  await mkdir(stateDirectory(), { recursive: true });
  const file = join(stateDirectory(), part === "lab" ? "lock" : `${part}-lock`);
  const deadline = Date.now() + patienceMinutes * 60_000;
  let told = false;
  while (!(await taken(file))) {
    const pid = await holder(file);
    if (Date.now() > deadline)
      throw new LabError(
        `pid ${pid} holds the lab's lock for ${patienceMinutes} minutes; if it is no lab command (ps -p), remove ${file}`,
      );
    if (pid && !told) say(`… another process (pid ${pid}) has the lock of the lab's ${part}; waiting for it`);
    told ||= pid > 0;
    await sleep(250);
  }
  return file;
}

async function taken(file: string): Promise<boolean> {
  // Linked, not written in place: a lock without its holder's name could never be taken over.
  const own = `${file}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, file);
    return true;
  } catch {
    const pid = await holder(file);
    if (pid && !isAlive(pid)) await rm(file, { force: true });
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

async function holder(file: string): Promise<number> {
  return Number(await readFile(file, "utf8").catch(() => ""));
}

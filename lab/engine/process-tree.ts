import { readdir, readFile } from "node:fs/promises";

/**
 * Kills a process and all it started with SIGKILL, as a power cut would. Plugins lead process groups of their own, so
 * killing the engine's group would leave them to finish their work.
 */
export async function killTree(pid: number): Promise<void> {
  const children = await childrenByParent();
  const doomed = [pid];
  for (const parent of doomed) doomed.push(...(children.get(parent) ?? []));
  for (const each of doomed) {
    try {
      process.kill(each, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

async function childrenByParent(): Promise<Map<number, number[]>> {
  const children = new Map<number, number[]>();
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  for (const pid of pids) {
    // A process may end while we look; the name in brackets may hold anything, a bracket included.
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const parent = Number(/\) \S (\d+) [^)]*$/.exec(stat)?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

import { readdir, readFile } from "node:fs/promises";

/**
 * Kills a process and all processes that it started with SIGKILL, to imitate a power failure. Killing the engine's process group
 * is not enough: Pulumi's plugins have process groups of their own, and would finish their work.
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
    // A process may end before its file is read. The process name, in brackets, may itself contain brackets and spaces.
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const parent = Number(/\) \S (\d+) [^)]*$/.exec(stat)?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

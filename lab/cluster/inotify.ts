import type { Machine } from "../hosts/machine.ts";
import { say } from "../progress.ts";

const needed = 512;
const setting = "/proc/sys/fs/inotify/max_user_instances";

/**
 * Raises the limit of inotify instances until the next boot. All nodes share root's limit with other programs of the machine;
 * Linux's default is 128, and a kubelet that gets no instance stops with "too many open files".
 *
 * @see https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files
 */
export async function ensureInotifyInstances(node: Machine): Promise<void> {
  const before = Number(await node.run(`cat ${setting}`));
  if (before >= needed) return;
  await node.run(`echo ${needed} >${setting}`);
  say(
    `  fs.inotify.max_user_instances of this machine is now ${needed}, until it boots: ${before} are too few for nodes`,
  );
}

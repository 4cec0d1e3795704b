import type { Machine } from "../hosts/machine.ts";
import { say } from "../progress.ts";

const needed = 512;
const setting = "/proc/sys/fs/inotify/max_user_instances";

/**
 * Kubelets and systemds of all nodes share root's inotify instances with whatever else runs there; Linux gives 128, and a
 * kubelet that gets none stops with "too many open files". It stays raised until the machine boots.
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

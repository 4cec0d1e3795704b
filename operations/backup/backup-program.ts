import { backupProgramPath } from "../../render/backup/paths.ts";
import { names } from "../../render/cluster-registry/names.ts";
import type { LiveStack } from "../live-stack.ts";
import { type ClusterProgram, runClusterProgram } from "../machines/cluster-program.ts";
import { type HostProgram, runHostProgram } from "../machines/host-program.ts";

const hostProgram: HostProgram = { path: backupProgramPath, key: "backup", foundProblems: 4 };

const backups: ClusterProgram = { key: "backup", cronJob: names.backup };

/** What runs each task in a cluster. A backup's pod mounts the images for reading alone, and a restore writes them. */
const clusterPrograms = {
  backup: backups,
  verify: { ...backups, cronJob: names.backupVerification, failsOnProblems: true },
  restore: { ...backups, writes: "storage", failsOnProblems: true },
} satisfies Record<string, ClusterProgram>;

/** Runs the backup program where the stack's images are, and returns its standard output. */
export function runBackupProgram(
  stack: LiveStack,
  task: keyof typeof clusterPrograms,
  args: readonly string[] = [],
): Promise<string> {
  const { variant } = stack.settings;
  return variant.kind === "cluster"
    ? runClusterProgram(stack, variant, clusterPrograms[task], [task, ...args])
    : runHostProgram(stack, hostProgram, [task, ...args]);
}

import type { Backup } from "../../settings/backup.ts";
import { systemdTimer } from "../systemd-timer.ts";
import { backupProgramPath } from "./paths.ts";

/** What runs on a schedule, by the name of its systemd units. */
const tasks = {
  "container-registry-backup": { task: "backup", description: "Back up the container registry" },
  "container-registry-backup-verify": {
    task: "verify",
    description: "Check that the container registry's newest backup restores",
  },
} as const;

/** The names of the timers, for the script that starts and stops them. */
export const backupTimers = Object.keys(tasks).map((name) => `${name}.timer`);

/** The systemd units that run the backup program on a schedule, by file name. */
export function backupUnits(backup: Backup): Record<string, string> {
  const schedules = { backup: backup.schedule, verify: backup.verify.schedule };
  return Object.fromEntries(
    Object.entries(tasks).flatMap(([name, { task, description }]) => [
      [`${name}.service`, service(task, description)],
      [
        `${name}.timer`,
        systemdTimer({ description: `${description}, on a schedule`, schedule: schedules[task], delayMinutes: 5 }),
      ],
    ]),
  );
}

function service(task: string, description: string): string {
  return `[Unit]
Description=${description}
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=oneshot
ExecStart=/bin/sh ${backupProgramPath} ${task}
Nice=10
IOSchedulingClass=idle
`;
}

import { backupTimers } from "./backup/units.ts";

/** The systemd timers that a registry host may have, by the keys of the stack file. Each starts the service of the same name. */
export const hostTimers = [
  ...backupTimers,
  "container-registry-collect.timer",
  "container-registry-metrics.timer",
  "container-registry-notify.timer",
];

/** The name of the service that a timer starts. */
export function serviceOf(timer: string): string {
  return timer.replace(/timer$/, "service");
}

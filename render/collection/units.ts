import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import { hostPaths } from "../compose.ts";
import { systemdTimer } from "../systemd-timer.ts";

/** The systemd unit container-registry-collect.service, which collects garbage once. */
export function collectUnit(): string {
  return `[Unit]
Description=Collection of the container registry's garbage
After=container-registry.service

[Service]
Type=oneshot
ExecStart=/bin/sh ${hostPaths.collect} --wait 3600
KillMode=mixed
`;
}

/** The systemd unit container-registry-collect.timer. */
export function collectTimer({ schedule }: GarbageCollection): string {
  const description = "Schedule of the container registry's garbage collection";
  return systemdTimer({ description, schedule, delayMinutes: 30 });
}

import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import { hostPaths } from "../compose.ts";

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

/** The systemd unit container-registry-collect.timer. Several hosts of one disk array do not begin in the same minute. */
export function collectTimer({ schedule }: GarbageCollection): string {
  return `[Unit]
Description=Schedule of the container registry's garbage collection

[Timer]
OnCalendar=${schedule} UTC
RandomizedDelaySec=30min
Persistent=true

[Install]
WantedBy=timers.target
`;
}

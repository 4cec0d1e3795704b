import { systemdTimer } from "../systemd-timer.ts";

/** The systemd unit container-registry-notify.service, which looks once, and tells what is new. */
export function notifyUnit(program: string): string {
  return `[Unit]
Description=Messages about what is wrong with the container registry
After=network-online.target docker.service
Wants=network-online.target

[Service]
Type=oneshot
ExecStart=/bin/sh ${program}
TimeoutStartSec=10min
Nice=10
`;
}

/** The systemd unit container-registry-notify.timer. */
export function notifyTimer(): string {
  const description = "Schedule of messages about what is wrong with the container registry";
  return systemdTimer({ description, schedule: "hourly", delayMinutes: 5 });
}

import { hostPaths } from "../compose.ts";
import { systemdTimer } from "../systemd-timer.ts";

/** The systemd unit container-registry-metrics.service, which writes the host's metrics once. */
export function metricsUnit(): string {
  return `[Unit]
Description=Metrics of the container registry's host
After=docker.service

[Service]
Type=oneshot
ExecStart=/bin/sh ${hostPaths.metrics}
TimeoutStartSec=50s
Nice=10
# A line each minute would fill the journal.
LogLevelMax=notice
`;
}

/** The systemd unit container-registry-metrics.timer. */
export function metricsTimer(): string {
  const description = "Schedule of the metrics of the container registry's host";
  return systemdTimer({ description, schedule: "minutely", delayMinutes: 0 });
}

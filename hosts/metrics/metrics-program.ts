import { rememberedRuns } from "../../render/backup/paths.ts";
import { backupTimers } from "../../render/backup/units.ts";
import { caddyPathOnHost, hostPaths } from "../../render/compose.ts";
import { serviceOf } from "../../render/host-timers.ts";
import { metricsTimer, metricsUnit } from "../../render/metrics/units.ts";
import { proxyFiles } from "../../render/proxy/proxy-config.ts";
import type { Backup } from "../../settings/backup.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import { splitHost } from "../../settings/formats/host-name.ts";
import { intervalSeconds } from "../../settings/formats/schedule.ts";
import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import type { HostVariant } from "../../settings/variants/host.ts";
import type { BundleFile } from "../apply/bundle.ts";
import { shellFiles, shellWord } from "../shell.ts";

const folder = new URL("./", import.meta.url);

/** The units whose failure nobody sees otherwise. */
const units = ["container-registry.service", "container-registry-collect.service", ...backupTimers.map(serviceOf)];

/** What the metrics of a registry host depend on. */
export type MeasuredHost = {
  variant: HostVariant;
  containerRegistry: Pick<ContainerRegistry, "host">;
  garbageCollection?: GarbageCollection | undefined;
  backup?: Backup | undefined;
};

/** The program that writes the metrics of a registry host for the proxy, and the timer that runs it every minute. */
export function metricsFiles(host: MeasuredHost): BundleFile[] {
  const file = (path: string, action: string, text: string) => ({ path, mode: "0644", action, text }) as const;
  return [
    file(hostPaths.metrics, "-", metricsProgram(host)),
    file("/etc/systemd/system/container-registry-metrics.service", "unit", metricsUnit()),
    file("/etc/systemd/system/container-registry-metrics.timer", "unit", metricsTimer()),
  ];
}

/** The shell program that writes `host.prom`. */
export function metricsProgram(host: MeasuredHost): string {
  return `metrics_file=${shellWord(hostMetricsPath)}\n${allMetrics(host)}${shellFiles(folder, ["main"])}`;
}

/** The shell function `all_metrics`, which prints what is measured. It needs a folder `$work`. */
export function allMetrics({ variant, containerRegistry: { host }, garbageCollection, backup }: MeasuredHost): string {
  const { storagePath, tls } = variant;
  const { name, port } = splitHost(host);
  const schedules = {
    collection: garbageCollection?.schedule,
    backup: backup?.schedule,
    verification: backup?.verify.schedule,
  };
  const scheme = tls.kind === "none" ? "http" : "https";
  const variables = {
    storage: storagePath,
    compose_project: "container-registry",
    remembered: rememberedRuns.host,
    registry_url: `${scheme}://${host}`,
    registry_name: name,
    registry_port: String(port ?? (tls.kind === "none" ? 80 : 443)),
    units: units.join(" "),
    intervals: Object.entries(schedules)
      .flatMap(([task, schedule]) => (schedule === undefined ? [] : [`${task}=${intervalSeconds(schedule)}`]))
      .join(" "),
    seconds: "5",
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}\n`);
  const containers = shellFiles(new URL("../registry-host/", import.meta.url), ["project"]);
  return (
    assignments.join("") +
    shellFiles(folder, ["text"]) +
    shellFiles(new URL("../health/", import.meta.url), ["within"]) +
    containers +
    shellFiles(folder, ["parts"])
  );
}

/** Where the program writes, which the proxy's container sees. */
export const hostMetricsPath = caddyPathOnHost(proxyFiles.hostMetrics);

import { stackMetrics } from "../../render/metrics/stack-metrics.ts";
import { notifyTimer, notifyUnit } from "../../render/notify/units.ts";
import type { Account } from "../../settings/accounts.ts";
import type { Notify } from "../../settings/notify.ts";
import type { Rotations } from "../../settings/rotation.ts";
import { limits } from "../../settings/warnings/limits.ts";
import type { BundleFile } from "../apply/bundle.ts";
import { allMetrics, type MeasuredHost } from "../metrics/metrics-program.ts";
import { shellFiles, shellWord } from "../shell.ts";

const folder = new URL("./", import.meta.url);

/** The folder on the host with the program, what it reads, and the secret URL. */
export const notifyFolder = "/etc/container-registry/notify";

/** The program on the host; with `--test` it sends a test message. */
export const notifyProgramPath = `${notifyFolder}/notify.sh`;

const stackMetricsPath = `${notifyFolder}/stack.prom`;
const urlPath = `${notifyFolder}/url`;

/** What the messages depend on. */
export type NotifyingHost = MeasuredHost & {
  notify: Notify;
  accounts: readonly Account[];
  rotations: Rotations;
  rotateEvery?: string | undefined;
};

/** The program that tells somebody what is wrong, and the timer that runs it every hour. */
export function notifyFiles(host: NotifyingHost): BundleFile[] {
  const file = (path: string, action: string, text: string) => ({ path, mode: "0644", action, text }) as const;
  return [
    file(notifyProgramPath, "-", notifyProgram(host)),
    file(stackMetricsPath, "-", stackMetrics(host.accounts, host)),
    file("/etc/systemd/system/container-registry-notify.service", "unit", notifyUnit(notifyProgramPath)),
    file("/etc/systemd/system/container-registry-notify.timer", "unit", notifyTimer()),
  ];
}

/** The webhook's URL, which no preview shows, since whoever knows it can write there. */
export function notifySecretFiles(url: string): BundleFile[] {
  return [{ path: urlPath, mode: "0600", action: "-", text: `${url}\n` }];
}

/** The shell program that tells somebody what is wrong. */
export function notifyProgram(host: NotifyingHost): string {
  const { notify } = host;
  const variables = {
    stack_metrics: stackMetricsPath,
    told: "/var/lib/container-registry/told",
    url_file: urlPath,
    again_seconds: "60",
    limits: awkLimits(),
    ...(notify.kind === "email" && { to: notify.to }),
    ...(notify.kind === "command" && { command: notify.command }),
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}\n`);
  const programs = shellFiles(folder, ["alarms.awk", `send-${notify.kind}`, "main"]);
  return allMetrics(host) + assignments.join("") + programs;
}

/** From when on an alarm is told, as assignments on awk's command line. */
function awkLimits(): string {
  const { disk, certificate, accountDays, run } = limits;
  const values = {
    disk: disk.low,
    inodes: disk.lowInodes,
    certificate_days: certificate.days,
    certificate_life: certificate.life,
    account_days: accountDays,
    run_intervals: run.intervals,
    run_hours: run.hours,
  };
  return Object.entries(values)
    .map(([name, value]) => `limit_${name}=${value}`)
    .join(" ");
}

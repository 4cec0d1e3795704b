import { sizeText } from "../../size-text.ts";
import type { StatusReport } from "./status-report.ts";

/** One screen of text. `now` is what ages are counted from. */
export function statusText(report: StatusReport, now: Date): string {
  const { url, stack, variant, serving, milliseconds, versions, uploads, rotationsDue, attention, unknown } = report;
  const rows: [string, string | undefined][] = [
    ["serving", serving ? `yes, ${url} answered a client in ${milliseconds} ms` : `NO: ${url}`],
    ["stack", `${stack}, variant ${variant}`],
    ["versions", joined(Object.entries(versions).map(([program, version]) => `${program} ${version}`))],
    ...report.containers.map((each, index): [string, string] => [
      index === 0 ? "containers" : "",
      container(each, now),
    ]),
    ["certificate", certificate(report)],
    ["disk", disk(report)],
    ["uploads", uploads && uploadsText(uploads)],
    ["collection", run(report, "collection", now, ({ bytes }) => (bytes === undefined ? "" : `, ${sizeText(bytes)}`))],
    ["backup", run(report, "backup", now, () => "") ?? noBackup(report)],
    ["verified", run(report, "verification", now, ({ problems }) => (problems ? `, ${problems} problems` : ""))],
    ["accounts", accounts(report)],
    ["rotations", rotationsDue === 0 ? "none needed" : `${rotationsDue} needed`],
    ["nodes", report.nodes && `${report.nodes.trusting} of ${report.nodes.known} trust the registry`],
    ...unknown.map(({ part, problem }): [string, string] => ["not known", `${part}: ${problem}`]),
  ];
  return [
    ...rows.flatMap(([name, text]) => (text ? [`${name.padEnd(12)} ${text}`] : [])),
    ...(attention.length > 0 ? ["", ...attention.map((each) => `! ${each}`)] : []),
    "",
    "not asked here: logins, a push, each file and unit; they are by: registry doctor",
  ].join("\n");
}

function container({ name, state, health, restarts, since }: StatusReport["containers"][number], now: Date): string {
  return joined([
    `${name}: ${state}`,
    health,
    since && `for ${span(since, now)}`,
    restarts > 0 ? `${restarts} restarts` : undefined,
  ]);
}

function certificate({ certificate }: StatusReport): string | undefined {
  if (certificate === undefined) return undefined;
  const { issuer, daysLeft, ends, caDaysLeft } = certificate;
  const left = daysLeft < 0 ? "ENDED" : `${daysLeft} days left`;
  return joined([
    `${left}, to ${ends.slice(0, 10)}`,
    `by ${issuer}`,
    caDaysLeft === undefined ? undefined : `whose CA has ${caDaysLeft} days left`,
  ]);
}

function disk({ disk }: StatusReport): string | undefined {
  if (disk === undefined) return undefined;
  const { path, size, used, free, readOnly, daysUntilFull } = disk;
  const percent = `${Math.ceil((100 * used) / Math.max(1, used + free))} %`;
  return joined([
    `${path}: ${sizeText(used)} used (${percent}), ${sizeText(free)} free of ${sizeText(size)}`,
    daysUntilFull === undefined ? undefined : `full in ${daysUntilFull} days`,
    readOnly ? "READ-ONLY" : undefined,
  ]);
}

function uploadsText({ active, open }: NonNullable<StatusReport["uploads"]>): string {
  return `${active} in flight${open > active ? `, ${open - active} not written to for minutes` : ""}`;
}

/** The last run of a task and the next one; undefined where the stack has no such task, or it is not known. */
function run<K extends "collection" | "backup" | "verification">(
  { next, ...report }: StatusReport,
  task: K,
  now: Date,
  more: (last: NonNullable<StatusReport[K]>) => string,
): string | undefined {
  const last: StatusReport[K] = report[task];
  if (last === undefined) return undefined;
  const then = next[task] && `next ${minutes(next[task])}`;
  if (last === null) return joined(["never so far", then]);
  return joined([`${span(last.at, now)} ago, ${minutes(last.at)}${more(last)}`, then]);
}

/** A cluster's images may be on object storage, which a stack does not back up. */
function noBackup({ variant, unknown }: StatusReport): string | undefined {
  return variant === "host" && unknown.length === 0 ? "none: the stack file has no key backup" : undefined;
}

function accounts({ accounts }: StatusReport): string | undefined {
  return joined(
    accounts.map(({ name, expires, daysLeft = 0 }) => {
      if (expires === undefined) return name;
      return daysLeft < 0 ? `${name} (EXPIRED on ${expires})` : `${name} (to ${expires}, ${daysLeft} days left)`;
    }),
  );
}

/** As in `3 days`: how long ago a time is. */
function span(time: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(time)) / 1000));
  const [amount, unit] =
    seconds < 120
      ? [seconds, "seconds"]
      : seconds < 7200
        ? [Math.floor(seconds / 60), "minutes"]
        : seconds < 172_800
          ? [Math.floor(seconds / 3600), "hours"]
          : [Math.floor(seconds / 86_400), "days"];
  return `${amount} ${unit}`;
}

function minutes(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join("; ");
}

import { objectsOfKind } from "../../health/cluster-facts.ts";
import type { HostFacts } from "../../health/host-facts.ts";
import type { LiveStack } from "../../live-stack.ts";
import { jsonIn } from "../../registry-api/json-in.ts";
import type { Seen } from "./look.ts";
import type { StatusReport } from "./status-report.ts";

type Runs = Pick<StatusReport, "collection" | "backup" | "verification">;

/** When garbage was collected, a backup made and one verified last, of those that the stack file asks for. */
export function lastRuns({ settings }: Pick<LiveStack, "settings">, { host, cluster }: Seen): Runs {
  const storage = host ?? cluster?.pod;
  if (storage?.disk === undefined) return {};
  const { collection, backup, verification } = storage;
  return {
    ...(settings.garbageCollection && { collection: lastCollection(collection) }),
    ...(settings.backup && { backup: lastBackup(backup), verification: lastCheck(verification) }),
  };
}

/** When each schedule starts next, by task. A cluster does not tell that of its CronJobs. */
export function nextRuns({ host }: Pick<Seen, "host">): Record<string, string> {
  const timers = { collection: "collect", backup: "backup", verification: "backup-verify" };
  const times = Object.entries(timers).flatMap(([task, name]) => {
    const unit = host?.units?.find(({ Id }) => Id === `container-registry-${name}.timer`);
    const next = unit?.ActiveState === "active" ? unit.NextElapseUSecRealtime : undefined;
    return next ? [[task, next.toISOString()]] : [];
  });
  return Object.fromEntries(times);
}

/** The units that failed when they ran last. */
export function failedUnits({ host }: Pick<Seen, "host">): string[] {
  return (host?.units ?? []).filter(({ ActiveState }) => ActiveState === "failed").map(({ Id }) => Id);
}

/** The Jobs in a cluster that failed, and that no later one of the same kind has replaced. */
export function failedJobs({ cluster }: Pick<Seen, "cluster">): string[] {
  const jobs = cluster === undefined ? [] : objectsOfKind(cluster, "Job");
  const newestFirst = [...jobs].sort((a, b) => startOf(b).localeCompare(startOf(a)));
  const newest = newestFirst.filter(
    (job, index) => newestFirst.findIndex((each) => kindOf(each) === kindOf(job)) === index,
  );
  return newest
    .filter(({ status }) => status.conditions.some((each) => each.type === "Failed" && each.status === "True"))
    .map(({ metadata }) => metadata.name);
}

type Job = { metadata: { name: string }; status: { startTime?: string | undefined } };

function startOf({ status }: Job): string {
  return status.startTime ?? "";
}

/** The name without what Kubernetes adds, as in registry-collect. */
function kindOf({ metadata }: Job): string {
  return metadata.name.replace(/-[^-]+$/, "");
}

type Stamped = HostFacts["backup"];

function lastCollection(run: Stamped): StatusReport["collection"] {
  return run ? { at: time(run), ...number(run, "bytes") } : null;
}

function lastBackup(run: Stamped): StatusReport["backup"] {
  if (!run) return null;
  const { covered } = Object(jsonIn(run.text));
  return { at: time(run), ...(typeof covered === "string" && !Number.isNaN(Date.parse(covered)) && { covered }) };
}

function lastCheck(run: Stamped): StatusReport["verification"] {
  return run ? { at: time(run), ...number(run, "problems") } : null;
}

function time({ at }: NonNullable<Stamped>): string {
  return new Date(at * 1000).toISOString();
}

function number<K extends string>({ text }: NonNullable<Stamped>, key: K): { [key in K]?: number } {
  const value = Object(jsonIn(text))[key];
  return (typeof value === "number" ? { [key]: value } : {}) as { [key in K]?: number };
}

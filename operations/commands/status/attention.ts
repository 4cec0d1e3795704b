import { intervalSeconds } from "../../../settings/formats/schedule.ts";
import { expiryWarnings } from "../../../settings/warnings/expiry.ts";
import { rotationWarnings } from "../../../settings/warnings/rotation.ts";
import { objectsOfKind } from "../../health/cluster-facts.ts";
import type { LiveStack } from "../../live-stack.ts";
import { daysUntil, lifeLeft } from "./certificate.ts";
import type { Seen } from "./look.ts";
import { failedJobs, failedUnits } from "./runs.ts";
import type { StatusReport } from "./status-report.ts";

type Report = Omit<StatusReport, "attention">;

/** How many days before the end of a certificate that somebody provides, and of the stack's own CA, it is said. */
const noticeDays = { provided: 30, ca: 180 };

/** The share of the disk that should be free, and the days that it should last. */
const enough = { freeShare: 0.1, days: 14 };

/** What somebody should see to, each with the next step. The most urgent comes first. */
export function attentionTo(stack: LiveStack, seen: Seen, report: Report): string[] {
  return [
    ...(seen.served.problem === undefined ? [] : [seen.served.problem]),
    ...containerProblems(seen, report),
    ...diskProblems(report),
    ...certificateProblems(stack, seen, report),
    ...runProblems(stack, seen, report),
    ...expiryWarnings(stack.settings, day(seen.now)),
    ...rotationsDue(stack, seen.now),
    ...(seen.nodes?.lacking ?? []).map(({ node, problem }) => `node ${node} does not trust the registry: ${problem}`),
  ];
}

export function rotationsDue({ settings, secrets }: Pick<LiveStack, "settings" | "secrets">, now: Date): string[] {
  return [...rotationWarnings(settings, secrets, day(now))];
}

function day(now: Date): string {
  return now.toISOString().slice(0, 10);
}

function containerProblems({ host, cluster }: Seen, { containers }: Report): string[] {
  const bad = containers.filter(({ state, health }) =>
    cluster ? health !== "ready" : state !== "running" || health === "unhealthy",
  );
  const lines = bad.map(({ name, state, health }) => {
    const how = health === undefined ? state : `${state}, ${health}`;
    return `${cluster ? "pod" : "container"} ${name} is ${how}; why: registry logs, or ${cluster ? `kubectl describe pod ${name}` : `docker logs ${name}`}`;
  });
  const missing = (host?.docker && ["registry", "proxy"].filter((name) => !serves(host.docker, name))) ?? [];
  const deployments = cluster ? objectsOfKind(cluster, "Deployment") : [];
  return [
    ...lines,
    ...missing.map((name) => `the ${name}'s container is not there; it comes back with: registry restart`),
    ...(cluster && deployments.length === 0 ? ["the cluster has no registry; it comes with: pulumi up --refresh"] : []),
  ];
}

function serves(docker: NonNullable<Seen["host"]>["docker"], name: string): boolean {
  return docker?.containers.some(({ service }) => service === name) ?? false;
}

function diskProblems({ disk }: Report): string[] {
  if (disk === undefined) return [];
  const { path, used, free, readOnly, daysUntilFull } = disk;
  // As df has it: what is reserved for root, or by a quota, belongs to neither.
  const usable = used + free;
  const room = "make room: registry retain, then registry collect; or a larger disk";
  return [
    ...(readOnly ? [`${path} is read-only, so every push fails; see what the kernel says of the disk: dmesg`] : []),
    ...(free < usable * enough.freeShare ? [`${path} has ${Math.floor((100 * free) / usable)} % free; ${room}`] : []),
    ...(daysUntilFull !== undefined && daysUntilFull < enough.days
      ? [`${path} is full in ${daysUntilFull} days as it grows now; ${room}`]
      : []),
  ];
}

function certificateProblems({ settings }: LiveStack, { served, now }: Seen, { certificate }: Report): string[] {
  if (certificate === undefined || served.certificate === undefined) return [];
  const { daysLeft, ends, caDaysLeft } = certificate;
  const left = daysLeft < 0 ? `ended on ${ends.slice(0, 10)}` : `ends in ${daysLeft} days`;
  const { tls } = settings.variant.kind === "hybrid" ? { tls: undefined } : settings.variant;
  const byItself = tls?.kind === "acme" || tls?.kind === "cert-manager";
  // Caddy and cert-manager renew when a third of a certificate's life is left.
  const isLate = byItself ? lifeLeft(served.certificate, now) < 0.25 : daysLeft < notice(tls);
  return [
    ...(isLate ? [`the certificate ${left}; ${byItself ? "its renewal is late: " : ""}registry renew`] : []),
    ...(caDaysLeft !== undefined && tls?.kind === "private-ca" && caDaysLeft < noticeDays.ca
      ? [`the stack's CA ends in ${caDaysLeft} days, and every node has to learn another one; docs/health.md`]
      : []),
  ];
}

function notice(tls: { kind: string; renewBeforeDays?: number } | undefined): number {
  return tls?.renewBeforeDays ?? noticeDays.provided;
}

function runProblems({ settings }: LiveStack, seen: Seen, { backup, verification, collection }: Report): string[] {
  const { now } = seen;
  const age = (run: { at: string } | null | undefined) => (run ? -daysUntil(run.at, now) : undefined);
  const [backupAge, checkAge, collectionAge] = [age(backup), age(verification), age(collection)];
  const late = (schedule: string | undefined, days: number | undefined) =>
    schedule !== undefined && days !== undefined && days > 2 * periodDays(schedule) + 1;
  const { backup: wanted, garbageCollection } = settings;
  const problems = verification?.problems ?? 0;
  return [
    ...failedUnits(seen).map((unit) => `${unit} failed; why: journalctl --unit ${unit} on the host`),
    ...failedJobs(seen).map((job) => `job ${job} failed; why: kubectl logs job/${job}`),
    ...(backup === null ? ["there is no backup yet; make one: registry backup"] : []),
    ...(late(wanted?.schedule, backupAge) ? [`the last backup is ${backupAge} days old; registry backup`] : []),
    ...(late(wanted?.verify.schedule, checkAge)
      ? [`no backup was verified for ${checkAge} days; registry backup verify`]
      : []),
    ...(problems > 0 ? [`the last verification found ${problems} problems; registry backup verify names them`] : []),
    ...(late(garbageCollection?.schedule, collectionAge)
      ? [`no garbage was collected for ${collectionAge} days; registry collect`]
      : []),
  ];
}

/** How many days pass between two runs of a schedule at most, as in `Sun 05:00`. */
function periodDays(schedule: string): number {
  return Math.ceil(intervalSeconds(schedule) / 86_400);
}

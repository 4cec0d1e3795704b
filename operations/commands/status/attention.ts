import { intervalSeconds } from "../../../settings/formats/schedule.ts";
import { expiryWarnings } from "../../../settings/warnings/expiry.ts";
import { isRenewalLate, isRunLate, limits, roomForFiles, roomOn } from "../../../settings/warnings/limits.ts";
import { rotationWarnings } from "../../../settings/warnings/rotation.ts";
import { objectsOfKind } from "../../health/cluster-facts.ts";
import type { LiveStack } from "../../live-stack.ts";
import type { Seen } from "./look.ts";
import { failedJobs, failedUnits } from "./runs.ts";
import type { StatusReport } from "./status-report.ts";

type Report = Omit<StatusReport, "attention">;

/** What somebody should see to, each with the next step. The most urgent comes first. */
export function attentionTo(stack: LiveStack, seen: Seen, report: Report): string[] {
  return [
    ...(seen.served.problem === undefined ? [] : [seen.served.problem]),
    ...containerProblems(seen, report),
    ...diskProblems(seen, report),
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
    ...deployments
      .filter(({ spec }) => spec.replicas === 0)
      .map(
        ({ metadata: { name } }) => `deployment ${name} is scaled to 0; it is scaled up again by: pulumi up --refresh`,
      ),
  ];
}

function serves(docker: NonNullable<Seen["host"]>["docker"], name: string): boolean {
  return docker?.containers.some(({ service }) => service === name) ?? false;
}

function diskProblems({ host, cluster }: Seen, { disk }: Report): string[] {
  if (disk === undefined) return [];
  const { path, readOnly, daysUntilFull } = disk;
  const { room: left, freePercent } = roomOn(disk);
  const files = (host ?? cluster?.pod)?.disk;
  const room = "what takes the room: registry usage; then registry retain and registry collect, or a larger disk";
  return [
    ...(readOnly ? [`${path} is read-only, so every push fails; see what the kernel says of the disk: dmesg`] : []),
    ...(left === "enough" ? [] : [`${path} has ${freePercent} % free; ${room}`]),
    ...(files === undefined || roomForFiles(files) === "enough"
      ? []
      : [`the file system of ${path} has ${files.freeInodes} of ${files.inodes} inodes left; ${room}`]),
    ...(daysUntilFull !== undefined && daysUntilFull < limits.disk.days
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
  const { validFrom, validTo } = served.certificate;
  const isLate =
    isRenewalLate({ from: Date.parse(validFrom), to: Date.parse(validTo), now: now.getTime() }) ||
    (tls?.kind === "private-ca" && daysLeft < tls.renewBeforeDays);
  return [
    ...(isLate ? [`the certificate ${left}; ${byItself ? "its renewal is late: " : ""}registry renew`] : []),
    ...(caDaysLeft !== undefined && tls?.kind === "private-ca" && caDaysLeft < limits.certificate.caDays
      ? [`the stack's CA ends in ${caDaysLeft} days, and every node has to learn another one; docs/health.md`]
      : []),
  ];
}

function runProblems({ settings }: LiveStack, seen: Seen, { backup, verification, collection }: Report): string[] {
  const { now } = seen;
  const late = (
    schedule: string | undefined,
    run: { at: string } | null | undefined,
    words: (age: string) => string,
  ) => {
    const seconds = run ? (now.getTime() - Date.parse(run.at)) / 1000 : 0;
    const isLate = schedule !== undefined && isRunLate(seconds, intervalSeconds(schedule));
    return isLate ? [words(`${Math.floor(seconds / 3600)} hours`)] : [];
  };
  const { backup: wanted, garbageCollection } = settings;
  const problems = verification?.problems ?? 0;
  return [
    ...failedUnits(seen).map((unit) => `${unit} failed; why: journalctl --unit ${unit} on the host`),
    ...failedJobs(seen).map((job) => `job ${job} failed; why: kubectl logs job/${job}`),
    ...(backup === null ? ["there is no backup yet; make one: registry backup"] : []),
    ...late(wanted?.schedule, backup, (age) => `the last backup is ${age} old; registry backup`),
    ...late(
      wanted?.verify.schedule,
      verification,
      (age) => `no backup was verified for ${age}; registry backup verify`,
    ),
    ...(problems > 0 ? [`the last verification found ${problems} problems; registry backup verify names them`] : []),
    ...late(garbageCollection?.schedule, collection, (age) => `no garbage was collected for ${age}; registry collect`),
  ];
}

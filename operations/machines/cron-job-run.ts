import { setTimeout as sleep } from "node:timers/promises";
import { type Kubectl, KubectlError } from "../kubectl.ts";
import { OperationError } from "../operation-error.ts";

export type CronJobRun = {
  /** The namespace of the CronJob. */
  namespace: string;
  cronJob: string;
  /** The arguments of the pod's first container. */
  args: readonly string[];
  /** A volume that this container mounts for writing, whatever the CronJob says. @default none */
  writes?: string | undefined;
  /** Whether a Job that failed did its work if it printed a report, since it fails where it finds problems. @default false */
  failsOnProblems?: boolean | undefined;
  /** Gets each line of progress. */
  onLine: (line: string) => void;
};

type Job = {
  metadata: { name: string };
  status?: { ready?: number; succeeded?: number; failed?: number; conditions?: { type: string; status: string }[] };
};
type Container = { name: string; volumeMounts?: { name: string; readOnly?: boolean }[] };
type CronJob = {
  spec: { jobTemplate: { metadata?: object; spec: { template: { spec: { containers: Container[] } } } } };
};

/** How long the Job's pod may take to start, in seconds, and how long a finished Job can be looked at. */
const startSeconds = 120;
const finishedSeconds = 3600;

/**
 * Runs a CronJob's pod once as a Job with other arguments, and returns what its first container printed for programs: a line for
 * each problem, and as the last line a report as JSON.
 */
export async function runCronJob(kubectl: Pick<Kubectl, "run">, cronJobRun: CronJobRun): Promise<string> {
  const { namespace, cronJob, failsOnProblems = false, onLine } = cronJobRun;
  const run = (words: readonly string[], options?: Parameters<Kubectl["run"]>[1]) =>
    kubectl.run([...words, `--namespace=${namespace}`], options);
  const found = await run(["get", "cronjob", cronJob, "--ignore-not-found", "--output=json"]);
  if (found === "")
    throw new OperationError(`namespace ${namespace} has no CronJob ${cronJob}; run pulumi up, which creates it`);
  const { job: wanted, container } = jobOf(JSON.parse(found), cronJobRun);
  const input = JSON.stringify(wanted);
  const { name } = (JSON.parse(await run(["create", "--filename=-", "--output=json"], { input })) as Job).metadata;
  onLine(`job ${name} in namespace ${namespace} runs; it goes on if this command is interrupted`);

  const poll = async (done: (job: Job) => boolean, seconds = Number.POSITIVE_INFINITY): Promise<Job> => {
    for (let waited = 0; ; waited++) {
      const job = JSON.parse(await run(["get", "job", name, "--output=json"])) as Job;
      if (done(job)) return job;
      if (waited >= seconds) {
        await run(["delete", "job", name, "--wait=false"]);
        throw new OperationError(`job ${name} has no running pod after ${seconds} s; ${hint(namespace)}`);
      }
      await sleep(1000);
    }
  };
  await poll(started, startSeconds);
  const log = [`job/${name}`, `--container=${container}`];
  const progress = (line: string) => {
    if (!isResult(line)) onLine(line);
  };
  // A connection that breaks ends the progress, but not the Job.
  await run(["logs", "--follow", ...log], { onLine: progress }).catch((error) => {
    if (!(error instanceof KubectlError)) throw error;
  });
  const job = await poll(finished);
  const lines = (await run(["logs", ...log]).catch(() => "")).trim().split("\n");
  const results = lines.filter(isResult);
  const complete = isTrue(job, "Complete");
  if ((complete || failsOnProblems) && results.at(-1)?.startsWith("{")) return results.join("\n");
  if (complete)
    throw new OperationError(
      `job ${name} ended without a report; see: kubectl logs job/${name} --namespace ${namespace}`,
    );
  const last = lines.at(-1) ?? "";
  throw new OperationError(`job ${name} failed: ${last.replace(/^error: /, "") || hint(namespace)}`);
}

/** Whether a line of the log is a report or a problem. A pod's log does not tell standard output from messages. */
function isResult(line: string): boolean {
  return /^(\{|live\t|backup\t)/.test(line);
}

function jobOf({ spec: { jobTemplate } }: CronJob, { cronJob, args, writes }: CronJobRun) {
  const { metadata, spec } = jobTemplate;
  const [first, ...others] = spec.template.spec.containers;
  if (first === undefined) throw new OperationError(`CronJob ${cronJob} has no container; run pulumi up --refresh`);
  const volumeMounts = first.volumeMounts?.map((mount) => (mount.name === writes ? writable(mount) : mount));
  const pod = { ...spec.template.spec, containers: [{ ...first, args, volumeMounts }, ...others] };
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...metadata, generateName: `${cronJob}-` },
    // Whoever runs the command reads why it failed, and runs it again.
    spec: {
      ...spec,
      backoffLimit: 0,
      ttlSecondsAfterFinished: finishedSeconds,
      template: { ...spec.template, spec: pod },
    },
  };
  return { job, container: first.name };
}

function writable<Mount extends { readOnly?: boolean }>({ readOnly: _, ...mount }: Mount) {
  return mount;
}

function hint(namespace: string): string {
  return `see: kubectl get events --namespace ${namespace}`;
}

function started(job: Job): boolean {
  const { ready = 0, succeeded = 0, failed = 0 } = job.status ?? {};
  return ready + succeeded + failed > 0 || finished(job);
}

function finished(job: Job): boolean {
  return isTrue(job, "Complete") || isTrue(job, "Failed");
}

function isTrue({ status }: Job, condition: string): boolean {
  return status?.conditions?.some(({ type, status }) => type === condition && status === "True") ?? false;
}

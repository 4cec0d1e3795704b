import { setTimeout as sleep } from "node:timers/promises";
import { names } from "../../render/cluster-registry/names.ts";
import { type Kubectl, KubectlError } from "../kubectl.ts";
import { OperationError } from "../operation-error.ts";

export type CollectorRun = {
  /** The registry's namespace. */
  namespace: string;
  /** The collector's arguments. */
  args: readonly string[];
  /** Gets each line of progress. */
  onLine: (line: string) => void;
};

type Job = {
  metadata: { name: string };
  status?: { ready?: number; succeeded?: number; failed?: number; conditions?: { type: string; status: string }[] };
};
type CronJob = { spec: { jobTemplate: { metadata?: object; spec: { template: { spec: { containers: object[] } } } } } };

/** How long the Job's pod may take to start, in seconds, and how long a finished Job can be looked at. */
const startSeconds = 120;
const finishedSeconds = 3600;

/** Starts a Job of the CronJob's template, and returns what it did: the last line of JSON that it prints. */
export async function collectorJob(
  kubectl: Pick<Kubectl, "run">,
  { namespace, args, onLine }: CollectorRun,
): Promise<string> {
  const run = (words: readonly string[], options?: Parameters<Kubectl["run"]>[1]) =>
    kubectl.run([...words, `--namespace=${namespace}`], options);
  const found = await run(["get", "cronjob", names.collector, "--ignore-not-found", "--output=json"]);
  if (found === "")
    throw new OperationError(
      `namespace ${namespace} has no CronJob ${names.collector}; run pulumi up, which creates it`,
    );
  const input = JSON.stringify(jobOf(JSON.parse(found), args));
  const { name } = (JSON.parse(await run(["create", "--filename=-", "--output=json"], { input })) as Job).metadata;
  onLine(`job ${name} in namespace ${namespace} collects; it goes on if this command is interrupted`);

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
  const progress = (line: string) => {
    if (!line.startsWith("{")) onLine(line);
  };
  // A connection that breaks ends the progress, but not the Job.
  await run(["logs", "--follow", `job/${name}`], { onLine: progress }).catch((error) => {
    if (!(error instanceof KubectlError)) throw error;
  });
  const job = await poll(finished);
  const lines = (await run(["logs", "--tail=5", `job/${name}`]).catch(() => "")).trim().split("\n");
  const report = lines.findLast((line) => line.startsWith("{"));
  if (isTrue(job, "Complete") && report !== undefined) return report;
  if (isTrue(job, "Complete"))
    throw new OperationError(
      `job ${name} ended without a report; see: kubectl logs job/${name} --namespace ${namespace}`,
    );
  const last = lines.at(-1) ?? "";
  throw new OperationError(`job ${name} failed: ${last.replace(/^error: /, "") || hint(namespace)}`);
}

function jobOf({ spec: { jobTemplate } }: CronJob, args: readonly string[]): object {
  const { metadata, spec } = jobTemplate;
  const [container] = spec.template.spec.containers;
  const pod = { ...spec.template.spec, containers: [{ ...container, args }] };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...metadata, generateName: `${names.collector}-` },
    // Whoever runs the command reads why it failed, and runs it again.
    spec: {
      ...spec,
      backoffLimit: 0,
      ttlSecondsAfterFinished: finishedSeconds,
      template: { ...spec.template, spec: pod },
    },
  };
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

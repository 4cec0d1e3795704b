import { labels, names, podLabels } from "./names.ts";
import { podSecurity } from "./pod.ts";

type Named = { name: string };

export type VolumeJob<Container, Volume> = {
  /** In UTC, as the stack file has it. */
  schedule: string;
  /** How often a pod that failed is tried again. */
  backoffLimit: number;
  /** When the cluster ends a run that does not end, in seconds. */
  deadlineSeconds: number;
  /** What the registry's pods find a pod of the Job by. */
  podLabels: Record<string, string>;
  containers: Container[];
  /** The volumes besides the registry's, which is `storage`. */
  volumes: Volume[];
};

/** A CronJob whose pods run on the registry's node, beside the registry's volume. */
export function volumeCronJob<Container extends Named, Volume extends Named>(job: VolumeJob<Container, Volume>) {
  return {
    schedule: cronSchedule(job.schedule),
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    // How late a run may begin, after a time at which the cluster was off.
    startingDeadlineSeconds: 12 * 3600,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels },
      spec: {
        backoffLimit: job.backoffLimit,
        activeDeadlineSeconds: job.deadlineSeconds,
        template: {
          metadata: { labels: { ...labels, ...job.podLabels } },
          spec: {
            ...podSecurity,
            restartPolicy: "Never",
            affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [besides(podLabels)] } },
            containers: job.containers,
            volumes: [...job.volumes, { name: "storage", persistentVolumeClaim: { claimName: names.claim } }],
          },
        },
      },
    },
  };
}

/**
 * The affinity of the registry's pods, of which a new one goes to the node of a Job that runs: no other node can mount the volume
 * meanwhile. Each of the labels finds the pods of one kind of Job. Undefined if there are none.
 */
export function besidesJobs(jobs: readonly Record<string, string>[]) {
  if (jobs.length === 0) return undefined;
  const preferred = jobs.map((job) => ({ weight: 100, podAffinityTerm: besides(job) }));
  return { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } };
}

function besides(matchLabels: Record<string, string>) {
  return { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } };
}

/** @example "Sun 03:00" becomes "0 3 * * Sun" */
function cronSchedule(schedule: string): string {
  if (schedule === "hourly") return "0 * * * *";
  const [time = "", day = "*"] = schedule.split(" ").reverse();
  const [hour, minute] = time.split(":").map(Number);
  return `${minute} ${hour} * * ${day}`;
}

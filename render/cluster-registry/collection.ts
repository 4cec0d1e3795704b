import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { collectScript } from "../collection/collect-script.ts";
import { contentName } from "./content-name.ts";
import { collectorLabels, labels, names, podLabels, storageRoot } from "./names.ts";
import { confined, podSecurity } from "./pod.ts";

/** Memory limit of the collector in MiB. It sorts the digests of the whole storage in memory. */
const memoryMib = 1024;

/** When the cluster ends a collection that does not end, in seconds. A lock may take two hours of it. */
const deadlineSeconds = 6 * 3600;

const folder = "/etc/collection";
const lists = "/tmp";

/** The collector's ConfigMap. Its name contains a checksum of the program, so a running collection keeps its own. */
export function collectorConfig({ graceDays }: GarbageCollection): { name: string; data: Record<string, string> } {
  const data = { "collect.sh": collectScript({ storagePath: storageRoot, graceDays }) };
  return { name: contentName("registry-collect", data), data };
}

/** The CronJob that collects garbage in the registry's volume. `config` is the name of the collector's ConfigMap. */
export function cronJobSpec(variant: ClusterVariant, { schedule }: GarbageCollection, config: string) {
  return {
    schedule: cronSchedule(schedule),
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    // How late a collection may begin, after a time at which the cluster was off.
    startingDeadlineSeconds: 12 * 3600,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels },
      spec: {
        // Once more, since the next run ends what a killed collection has left.
        backoffLimit: 1,
        activeDeadlineSeconds: deadlineSeconds,
        template: { metadata: { labels: { ...labels, ...collectorLabels } }, spec: podSpec(variant, config) },
      },
    },
  };
}

function podSpec({ images }: ClusterVariant, config: string) {
  return {
    ...podSecurity,
    restartPolicy: "Never",
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [besides(podLabels)] } },
    containers: [
      {
        name: "collect",
        image: images.registry.reference,
        imagePullPolicy: "IfNotPresent",
        command: ["sh", `${folder}/collect.sh`],
        args: ["--wait", "3600"],
        env: [{ name: "TMPDIR", value: lists }],
        ...confined(memoryMib),
        volumeMounts: [
          { name: "program", mountPath: folder, readOnly: true },
          { name: "lists", mountPath: lists },
          { name: "storage", mountPath: storageRoot },
        ],
      },
    ],
    volumes: [
      { name: "program", configMap: { name: config } },
      { name: "lists", emptyDir: { sizeLimit: "4Gi" } },
      { name: "storage", persistentVolumeClaim: { claimName: names.claim } },
    ],
  };
}

/**
 * The registry's affinity while garbage is collected in its volume. A new pod of the registry goes to the node of a
 * collection that runs, since no other node can mount the volume meanwhile.
 */
export const besidesCollector = {
  podAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: besides(collectorLabels) }],
  },
};

function besides(matchLabels: Record<string, string>) {
  return { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } };
}

/** @example "Sun 03:00" becomes "0 3 * * Sun" */
function cronSchedule(schedule: string): string {
  const [time = "", day = "*"] = schedule.split(" ").reverse();
  const [hour, minute] = time.split(":").map(Number);
  return `${minute} ${hour} * * ${day}`;
}

import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { collectScript } from "../collection/collect-script.ts";
import { contentName } from "./content-name.ts";
import { collectorLabels, storageRoot } from "./names.ts";
import { confined } from "./pod.ts";
import { volumeCronJob } from "./volume-job.ts";

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
export function cronJobSpec({ images }: ClusterVariant, { schedule }: GarbageCollection, config: string) {
  return volumeCronJob({
    schedule,
    // Once more, since the next run ends what a killed collection has left.
    backoffLimit: 1,
    deadlineSeconds,
    podLabels: collectorLabels,
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
    ],
  });
}

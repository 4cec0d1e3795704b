import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { cronJobSpec } from "../../render/cluster-registry/collection.ts";
import { labels, names } from "../../render/cluster-registry/names.ts";
import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { collectorConfigMap } from "./configs.ts";
import type { Target } from "./target.ts";

/** The CronJob that collects garbage on schedule; `registry collect` runs a Job of its template. */
export function createCollector(variant: ClusterVariant, collection: GarbageCollection, target: Target): CronJob {
  const { name, namespace, options } = target;
  const config = collectorConfigMap(collection, target).metadata.name;
  const spec = config.apply((config) => cronJobSpec(variant, collection, config));
  return new CronJob(`${name}-collector`, { metadata: { name: names.collector, namespace, labels }, spec }, options);
}

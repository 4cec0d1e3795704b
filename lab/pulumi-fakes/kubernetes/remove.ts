import { setTimeout } from "node:timers/promises";
import { cancellation } from "../plugin/cancellation.ts";
import type { Log } from "../plugin/engine-log.ts";
import type { Cluster, ObjectName } from "./api/cluster.ts";
import { isNotFound } from "./api/transport.ts";
import { annotation, type KubeObject, kindOf, listField, textField } from "./object.ts";
import { skipsAwait } from "./wait/await-ready.ts";

/** Kinds whose deletion is not awaited with the annotation pulumi.com/skipAwait. */
const mayLinger = [
  ...["v1/Namespace", "v1/Pod", "v1/ReplicationController", "apps/v1/DaemonSet", "apps/v1/Deployment"],
  ...["apps/v1/StatefulSet", "batch/v1/Job"],
];

/** Deletes an object and its dependents. Returns the object if it still exists after the time limit. */
export async function removeObject(
  cluster: Cluster,
  name: ObjectName,
  { inputs, seconds, log }: { inputs: KubeObject; seconds: number; log: Log },
): Promise<KubeObject | undefined> {
  const before = await cluster.get(name).catch(ignoreNotFound);
  if (!before) return undefined;
  const deleted = await cluster.delete(name, propagation(inputs)).then(() => true, ignoreNotFound);
  if (!deleted || (skipsAwait(inputs) && mayLinger.includes(kindOf(inputs)))) return undefined;

  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const live = await cluster.get(name).catch(ignoreNotFound);
    if (!live || uid(live) !== uid(before)) return undefined;
    if (Date.now() > deadline || cancellation.aborted) {
      const finalizers = listField(live, "metadata", "finalizers").join(", ");
      await log.say("warning", `finalizers might be preventing deletion (${finalizers})`);
      return live;
    }
    await setTimeout(200);
  }
}

function propagation(inputs: KubeObject): string {
  const wanted = annotation(inputs, "pulumi.com/deletionPropagationPolicy").toLowerCase();
  return { orphan: "Orphan", background: "Background" }[wanted] ?? "Foreground";
}

const uid = (object: KubeObject) => textField(object, "metadata", "uid");

function ignoreNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

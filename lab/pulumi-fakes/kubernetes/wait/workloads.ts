import {
  annotation,
  field,
  isOwnedBy,
  type KubeObject,
  listField,
  nameOf,
  namespaceOf,
  numberField,
  textField,
} from "../object.ts";
import { complaint, condition, isTrue } from "./conditions.ts";
import type { Circumstances, Look } from "./look.ts";
import { problemsOfPods } from "./pods.ts";
import { isBound } from "./storage.ts";

const revisionKey = "deployment.kubernetes.io/revision";

/** Rolled out: the newest ReplicaSet has all its pods ready, and so the Deployment is available. */
export async function deploymentReady(live: KubeObject, circumstances: Circumstances): Promise<Look> {
  const revision = annotation(live, revisionKey);
  if (!isObserved(live) || revision === "") return { ready: false, status: "Waiting for its controller", problems: [] };

  const sets = (await circumstances.cluster.list("apps/v1", "ReplicaSet", namespaceOf(live))) as KubeObject[];
  const newest = sets.find((set) => isOwnedBy(set, live) && annotation(set, revisionKey) === revision);
  const wanted = numberField(newest, "spec", "replicas") ?? 1;
  const ready = numberField(newest, "status", "readyReplicas") ?? 0;
  const rolledOut =
    revision === "1" || textField(condition(live, "Progressing"), "reason") === "NewReplicaSetAvailable";
  const done = newest !== undefined && isTrue(live, "Available") && rolledOut && ready >= wanted;
  if (done && (await claimsAreBound(live, circumstances))) return { ready: true, problems: [] };

  const minimum = isTrue(live, "Available") ? [] : ["Minimum number of live Pods was not attained"];
  const pods = newest ? await problemsOfPods(newest, circumstances) : [];
  return {
    ready: false,
    status: `Waiting for app ReplicaSet to be available (${ready}/${wanted} Pods available)`,
    problems: [...complaint(live, "Progressing"), ...complaint(live, "Available"), ...minimum, ...pods],
  };
}

async function claimsAreBound(live: KubeObject, { cluster }: Circumstances): Promise<boolean> {
  const volumes = listField(live, "spec", "template", "spec", "volumes");
  const names = volumes.map((volume) => textField(volume, "persistentVolumeClaim", "claimName")).filter(Boolean);
  const namespace = namespaceOf(live);
  const get = (name: string) => cluster.get({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name });
  return (await Promise.all(names.map(get))).every(isBound);
}

/**
 * On every node that is to have it, in its newest form. What its pods complain about is a status line, and not in the
 * error.
 *
 * @see sigs.k8s.io/cli-utils: pkg/kstatus
 * @see pulumi-kubernetes: provider/pkg/await/daemonset.go
 */
export async function daemonSetReady(live: KubeObject, circumstances: Circumstances): Promise<Look> {
  const count = (name: string) => numberField(live, "status", name) ?? 0;
  const wanted = numberField(live, "status", "desiredNumberScheduled");
  const counts = ["currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady"] as const;
  const ready = isObserved(live) && wanted !== undefined && counts.every((name) => count(name) >= wanted);
  if (ready) return { ready, problems: [] };
  const status = `Available: ${count("numberAvailable")}/${wanted ?? "?"}, updated: ${count("updatedNumberScheduled")}`;
  const [complaint = status] = await problemsOfPods(live, circumstances);
  return { ready, status: complaint, problems: [] };
}

export async function statefulSetReady(live: KubeObject, circumstances: Circumstances): Promise<Look> {
  const wanted = numberField(live, "spec", "replicas") ?? 1;
  const count = (name: string) => numberField(live, "status", name) ?? 0;
  const isFirst = (numberField(live, "metadata", "generation") ?? 1) <= 1;
  const revised = field(live, "status", "currentRevision") === field(live, "status", "updateRevision");
  const ready = isObserved(live) && count("readyReplicas") >= wanted && (isFirst || revised);
  if (ready) return { ready, problems: [] };
  const status = `[1/2] Waiting for StatefulSet to create Pods (${count("readyReplicas")}/${wanted} Pods ready)`;
  return { ready, status, problems: await problemsOfPods(live, circumstances) };
}

export async function jobReady(live: KubeObject, circumstances: Circumstances): Promise<Look> {
  if (isTrue(live, "Complete")) return { ready: true, problems: [] };
  const problems = await problemsOfPods(live, circumstances);
  if (!isTrue(live, "Failed"))
    return { ready: false, status: `Waiting for Job "${nameOf(live)}" to succeed`, problems };
  const failed = condition(live, "Failed");
  const message = `[${textField(failed, "reason")}] ${textField(failed, "message")}`;
  return { ready: false, failed: `Job "${nameOf(live)}" failed: ${message}`, problems: [message, ...problems] };
}

/** Whether the controller has seen the newest form. */
function isObserved(live: KubeObject): boolean {
  const seen = numberField(live, "status", "observedGeneration") ?? 0;
  return seen >= (numberField(live, "metadata", "generation") ?? 1);
}

import type { PropertyValue } from "../../plugin/property.ts";
import {
  field,
  idOf,
  isOwnedBy,
  type KubeObject,
  listField,
  nameOf,
  namespaceOf,
  numberField,
  textField,
} from "../object.ts";
import { condition, isTrue } from "./conditions.ts";
import type { Circumstances, Look } from "./look.ts";

export async function podReady(live: KubeObject): Promise<Look> {
  const phase = textField(live, "status", "phase");
  const ready = isTrue(live, "Ready") || phase === "Succeeded";
  const waitsFor = isTrue(live, "PodScheduled") ? "ready" : "scheduled";
  return { ready, status: `Waiting for Pod "${nameOf(live)}" to be ${waitsFor}`, problems: podProblems(live) };
}

/** The problems of an owner's pods. */
export async function problemsOfPods(owner: KubeObject, { cluster }: Circumstances): Promise<string[]> {
  const pods = await cluster.list("v1", "Pod", namespaceOf(owner));
  return pods.filter((pod) => isOwnedBy(pod, owner)).flatMap(podProblems);
}

/**
 * Why a pod is not ready, as in `[Pod a/b]: containers with unready status: [app][ImagePullBackOff] Back-off …`. Empty
 * for a pod that waits to be scheduled or initialized, unless its condition has a reason.
 *
 * @see pulumi/cloud-ready-checks: pkg/kubernetes/pod/check.go
 */
function podProblems(pod: PropertyValue): string[] {
  const blocking = ["PodScheduled", "Initialized", "Ready"].find((type) => !isTrue(pod, type));
  const unmet = condition(pod, blocking ?? "");
  const said = textField(unmet, "reason") === "" ? "" : textField(unmet, "message");
  // The official provider shows an unscheduled pod only as a status line.
  if (unmet === undefined || blocking === "PodScheduled") return [];
  const statuses = listField(pod, "status", "containerStatuses");
  const problems = statuses.filter((status) => field(status, "ready") !== true).flatMap(containerProblems);
  const text = `${said}${problems.join("\n")}`;
  return text === "" ? [] : [`[Pod ${idOf(pod as KubeObject)}]: ${text}`];
}

/** Reasons of a container that is still starting. */
const underWay = ["ContainerCreating", "PodInitializing"];

function containerProblems(status: PropertyValue): string[] {
  const waiting = textField(status, "state", "waiting", "reason");
  const ended = textField(status, "state", "terminated", "reason");
  const last = field(status, "lastState", "terminated");
  return [
    ...(waiting === "" || underWay.includes(waiting) ? [] : [said(waiting, field(status, "state", "waiting"))]),
    ...(ended === "" || ended === "Completed" ? [] : [said(ended, field(status, "state", "terminated"))]),
    ...(last === undefined
      ? []
      : [` container "${textField(status, "name")}" ended before with exit code ${numberField(last, "exitCode")}`]),
  ];
}

function said(reason: string, state: PropertyValue | undefined): string {
  return `[${reason}] ${textField(state, "message")}`;
}

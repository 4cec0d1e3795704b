import { field, type KubeObject, mapField, textField } from "../object.ts";
import { condition } from "./conditions.ts";
import type { Circumstances, Look } from "./look.ts";
import { ingressReady, serviceReady } from "./network.ts";
import { podReady } from "./pods.ts";
import { claimReady, volumeReady } from "./storage.ts";
import { daemonSetReady, deploymentReady, jobReady, statefulSetReady } from "./workloads.ts";

export type Readiness = {
  look(live: KubeObject, circumstances: Circumstances): Promise<Look>;
  /** Whether a refresh checks it, too. */
  inRefresh: boolean;
  /** Error after the time limit. @default an error with the object's name */
  timedOut?: string;
};

/**
 * Readiness checks by kind; objects of other kinds are ready at once.
 *
 * @see pulumi-kubernetes: provider/pkg/await/awaiters.go
 */
export const readiness: Record<string, Readiness> = {
  "apps/v1/DaemonSet": { look: daemonSetReady, inRefresh: true, timedOut: "timed out waiting for the condition" },
  "apps/v1/Deployment": { look: deploymentReady, inRefresh: true },
  "apps/v1/StatefulSet": { look: statefulSetReady, inRefresh: true },
  "batch/v1/Job": { look: jobReady, inRefresh: true },
  "networking.k8s.io/v1/Ingress": { look: ingressReady, inRefresh: true },
  "v1/Pod": { look: podReady, inRefresh: true },
  "v1/Service": { look: serviceReady, inRefresh: true },
  "v1/PersistentVolume": { look: volumeReady, inRefresh: false },
  "v1/PersistentVolumeClaim": { look: claimReady, inRefresh: false },
  "v1/Secret": { look: secretReady, inRefresh: false },
  "apiextensions.k8s.io/v1/CustomResourceDefinition": { look: definitionReady, inRefresh: false },
};

/** The Secret of a ServiceAccount token is ready once a controller filled it; others at once. */
async function secretReady(live: KubeObject): Promise<Look> {
  const filled = Object.keys(mapField(live, "data")).length > 0;
  const ready = textField(live, "type") !== "kubernetes.io/service-account-token" || filled;
  return { ready, status: "Waiting for the token", problems: [] };
}

async function definitionReady(live: KubeObject): Promise<Look> {
  const established = condition(live, "Established");
  const ready = field(established, "status") === "True";
  return { ready, status: "Waiting for the CRD to be established", problems: [] };
}

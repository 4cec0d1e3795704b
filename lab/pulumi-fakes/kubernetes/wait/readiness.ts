import { field, type KubeObject, mapField, textField } from "../object.ts";
import { condition } from "./conditions.ts";
import type { Circumstances, Look } from "./look.ts";
import { ingressReady, serviceReady } from "./network.ts";
import { podReady } from "./pods.ts";
import { claimReady, volumeReady } from "./storage.ts";
import { daemonSetReady, deploymentReady, jobReady, statefulSetReady } from "./workloads.ts";

export type Readiness = {
  look(live: KubeObject, circumstances: Circumstances): Promise<Look>;
  /** Whether a refresh asks too. */
  inRefresh: boolean;
  /** What a wait that took too long ends with. @default one that names the object */
  timedOut?: string;
};

/**
 * What makes an object of a kind ready; any other is so at once.
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

/** A token's Secret is filled by a controller; any other is what was given. */
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

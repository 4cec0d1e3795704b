import { type KubeObject, textField } from "../object.ts";
import type { Circumstances, Look } from "./readiness.ts";

const phase = (live: KubeObject) => textField(live, "status", "phase");

export const isBound = (claim: KubeObject) => phase(claim) === "Bound";

/**
 * Bound; pending where its class waits for the first pod. One of such a class that is taken over, bound already, never
 * is: the official one waits five minutes for that, and fails. A program says `pulumi.com/skipAwait` there.
 *
 * @see pulumi-kubernetes 4.32: untilCoreV1PersistentVolumeClaimReady in provider/pkg/await/awaiters.go
 */
export async function claimReady(live: KubeObject, { cluster, before }: Circumstances): Promise<Look> {
  if (before !== undefined && isBound(live)) return { ready: true, problems: [] };
  const name = textField(live, "spec", "storageClassName");
  const kind = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", namespace: "", name };
  const storageClass = name === "" ? {} : await cluster.get(kind).catch(() => ({}));
  const waits = textField(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
  return {
    ready: waits ? phase(live) === "Pending" : isBound(live),
    status: "Waiting for the claim to be bound",
    problems: [],
  };
}

export async function volumeReady(live: KubeObject): Promise<Look> {
  const ready = phase(live) === "Available" || phase(live) === "Bound";
  return { ready, status: "Waiting for the volume to be available", problems: [] };
}

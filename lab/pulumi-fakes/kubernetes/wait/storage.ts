import { type KubeObject, nameOf, textField } from "../object.ts";
import type { Circumstances, Look } from "./look.ts";

const phase = (live: KubeObject) => textField(live, "status", "phase");

export const isBound = (claim: KubeObject) => phase(claim) === "Bound";

/**
 * A claim is ready when bound, or when pending if its class waits for the first pod.
 *
 * @see pulumi-kubernetes 4.32: untilCoreV1PersistentVolumeClaimReady in provider/pkg/await/awaiters.go
 */
export async function claimReady(live: KubeObject, { cluster, before }: Circumstances): Promise<Look> {
  if (before !== undefined && isBound(live)) return { ready: true, problems: [] };
  const name = textField(live, "spec", "storageClassName");
  const kind = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", namespace: "", name };
  const storageClass = name === "" ? {} : await cluster.get(kind).catch(() => ({}));
  const waits = textField(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
  if (waits && isBound(live)) return { ready: false, failed: neverPending(live), problems: [] };
  const ready = waits ? phase(live) === "Pending" : isBound(live);
  return { ready, status: "Waiting for the claim to be bound", problems: [] };
}

/** The official provider waits five minutes in this case, and fails. */
function neverPending(claim: KubeObject): string {
  return `Timeout occurred polling for '${nameOf(claim)}': the claim is bound already, and its class waits for a first pod, so it never becomes Pending; set the annotation pulumi.com/skipAwait on it`;
}

export async function volumeReady(live: KubeObject): Promise<Look> {
  const ready = phase(live) === "Available" || phase(live) === "Bound";
  return { ready, status: "Waiting for the volume to be available", problems: [] };
}

import { type KubeObject, textField } from "../object.ts";
import type { Circumstances, Look } from "./readiness.ts";

const phase = (live: KubeObject) => textField(live, "status", "phase");

export const isBound = (claim: KubeObject) => phase(claim) === "Bound";

/** Bound; pending where its class waits for the first pod. */
export async function claimReady(live: KubeObject, { cluster }: Circumstances): Promise<Look> {
  if (isBound(live)) return { ready: true, problems: [] };
  const name = textField(live, "spec", "storageClassName");
  const kind = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", namespace: "", name };
  const storageClass = name === "" ? {} : await cluster.get(kind).catch(() => ({}));
  const waits = textField(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
  return { ready: waits && phase(live) === "Pending", status: "Waiting for the claim to be bound", problems: [] };
}

export async function volumeReady(live: KubeObject): Promise<Look> {
  const ready = phase(live) === "Available" || phase(live) === "Bound";
  return { ready, status: "Waiting for the volume to be available", problems: [] };
}

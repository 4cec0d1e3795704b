import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { labels, names } from "../../render/cluster-registry/names.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import type { Target } from "./target.ts";

/** The claim for the volume with the images. None with S3 storage. */
export function createVolumeClaim({ storage, deleteData }: ClusterVariant, { name, namespace, options }: Target) {
  if (storage.kind !== "volume") return undefined;
  const { size, storageClassName, accessMode } = storage;
  // Pulumi does not wait for the claim: it would wait until the claim reports that it waits for its first pod, and a
  // claim that is already bound never reports that.
  const annotations = { "pulumi.com/skipAwait": "true" };
  return new PersistentVolumeClaim(
    `${name}-volume`,
    {
      metadata: { name: names.claim, namespace, labels, annotations },
      spec: { accessModes: [accessMode], storageClassName, resources: { requests: { storage: size } } },
    },
    // A claim that must be replaced makes up fail, on purpose: the new claim has the same name, so it cannot be created
    // first. With deletion first, up would wait in vain while a pod uses the claim, and the claim would be deleted with
    // that pod.
    { ...options, retainOnDelete: !deleteData, deleteBeforeReplace: false },
  );
}

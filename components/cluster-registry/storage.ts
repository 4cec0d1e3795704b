import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { labels, names } from "../../render/cluster-registry/names.ts";
import type { ClusterVariant } from "../../settings/variant-cluster.ts";
import type { Place } from "./target.ts";

/** The claim for the images' volume. None where object storage holds them. */
export function claim({ storage, deleteData }: ClusterVariant, { name, namespace, options }: Place) {
  if (storage.kind !== "volume") return undefined;
  const { size, storageClassName, accessMode } = storage;
  // The provider would wait for one that is bound already to be waiting for its first pod.
  const annotations = { "pulumi.com/skipAwait": "true" };
  return new PersistentVolumeClaim(
    `${name}-volume`,
    {
      metadata: { name: names.claim, namespace, labels, annotations },
      spec: { accessModes: [accessMode], storageClassName, resources: { requests: { storage: size } } },
    },
    // A claim that is used goes when its pods do, so up would wait for it in vain, and it would be lost with the next
    // pod: the API refuses another one of its name while it is there.
    { ...options, retainOnDelete: !deleteData, deleteBeforeReplace: false },
  );
}

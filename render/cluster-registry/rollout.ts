import type { ClusterVariant } from "../../settings/variants/cluster.ts";

/** Whether a new pod may run beside the old one during an update. False with a volume that only one node can mount. */
export function rolls({ storage }: ClusterVariant): boolean {
  return storage.kind === "s3" || storage.accessMode === "ReadWriteMany";
}

/** How a Deployment changes its pods. */
export function rollout(variant: ClusterVariant) {
  return rolls(variant)
    ? { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
    : { type: "Recreate" };
}

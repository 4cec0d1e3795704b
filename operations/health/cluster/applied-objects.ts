import { z } from "zod";
import { stateValue } from "../../state-value.ts";

/** A Kubernetes object as the last `up` sent it to the cluster. */
export const AppliedObject = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  /** Of a ConfigMap as it is, of a Secret in base64. */
  data: z.record(z.string(), z.string()).optional(),
  /** Of a Secret, as it is. */
  stringData: z.record(z.string(), z.string()).optional(),
  spec: z.record(z.string(), z.unknown()).optional(),
});

export type AppliedObject = z.output<typeof AppliedObject>;

type Resource = { urn: string; type: string; delete?: boolean; external?: boolean; inputs?: unknown };

/** Components whose objects have checks of their own, which know what they are for. */
const checkedElsewhere = /container-registry:(consumers:(PullSecret|FluxImages)|pipelines:PipelineConfig)\$/;

/**
 * The objects in a state that was exported with --show-secrets, each once. Objects that the program only reads, and those
 * of kinds that not every cluster has, are left out.
 */
export function appliedObjects(resources: readonly Resource[]): AppliedObject[] {
  const written = resources.filter(
    ({ type, urn, external, delete: isOld }) =>
      type.startsWith("kubernetes:") && !external && !isOld && !checkedElsewhere.test(urn),
  );
  const objects = new Map<string, AppliedObject>();
  for (const { inputs } of written) {
    const { data: object } = AppliedObject.safeParse(stateValue(inputs));
    if (object && isBuiltIn(object)) objects.set(objectName(object), { ...objects.get(objectName(object)), ...object });
  }
  return [...objects.values()];
}

/** As in `Secret dso/registry-tls`. */
export function objectName({ kind, metadata: { name, namespace } }: Pick<AppliedObject, "kind" | "metadata">): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function isBuiltIn({ apiVersion }: AppliedObject): boolean {
  const group = apiVersion.split("/").at(-2) ?? "";
  return !group.includes(".") || group.endsWith(".k8s.io");
}

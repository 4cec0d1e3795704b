import { z } from "zod";
import type { Kubectl } from "../../kubectl.ts";
import { AppliedObject, objectName } from "./applied-objects.ts";

/** An object as the cluster has it now. */
export const LiveObject = AppliedObject.omit({ stringData: true }).extend({
  metadata: AppliedObject.shape.metadata.extend({ deletionTimestamp: z.string().optional() }),
  status: z.record(z.string(), z.unknown()).default({}),
});

export type LiveObject = z.output<typeof LiveObject>;

/** An object that the last `up` wrote, and what is there now; undefined if it is not there. */
export type ComparedObject = { applied: AppliedObject; live?: LiveObject };

/** Reads the objects that the last `up` wrote, all of them with one command. */
export async function compareObjects(
  kubectl: Kubectl,
  objects: readonly AppliedObject[],
  signal: AbortSignal,
): Promise<ComparedObject[]> {
  if (objects.length === 0) return [];
  const items = objects.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }));
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const command = ["get", "--filename=-", "--ignore-not-found", "--output=json"];
  const found = new Map(listed(await kubectl.run(command, { input, signal })).map((each) => [objectName(each), each]));
  return objects.map((applied) => {
    const live = found.get(objectName(applied));
    return { applied, ...(live && { live }) };
  });
}

/** kubectl prints nothing for no object, one object as it is, and several as a list. */
function listed(text: string): LiveObject[] {
  if (text.trim() === "") return [];
  const { items, ...object } = z.looseObject({ items: z.array(z.unknown()).optional() }).parse(JSON.parse(text));
  return (items ?? [object]).map((each) => LiveObject.parse(each));
}

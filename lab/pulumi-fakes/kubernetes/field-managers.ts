import { randomBytes } from "node:crypto";
import { isMap, type PropertyMap, type PropertyValue } from "../plugin/property.ts";
import type { Cluster } from "./api/cluster.ts";
import { annotation, field, type KubeObject, listField, textField, withField } from "./object.ts";

/** The field manager that creates objects. */
export const creator = "pulumi-kubernetes";

/** The field manager of an object: from its annotation, else from the state, else a generated name. */
export function managerOf(inputs: KubeObject, known: string): string {
  const wanted = annotation(inputs, "pulumi.com/patchFieldManager");
  return wanted || known || `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

/**
 * Field managers (prefixes of their names) whose fields an update takes over: the creation's, and kubectl's, also from
 * `kubectl patch` and `kubectl edit`.
 *
 * @see fluxcd/pkg: ssa/patch.go, matchFieldManager
 */
const takenOver: [beginning: string, operation: string][] = [
  ["kubectl", "Apply"],
  ["kubectl", "Update"],
  ["before-first-apply", "Update"],
  [creator, "Update"],
  ["pulumi-kubernetes.exe", "Update"],
  ["pulumi-resource-kubernetes", "Update"],
];

/**
 * Transfers fields owned by the creation or by kubectl to the manager that applies: server-side apply removes only fields of
 * its own manager. Returns the updated object.
 */
export async function handOver(cluster: Cluster, live: KubeObject, manager: string): Promise<KubeObject> {
  const entries = listField(live, "metadata", "managedFields");
  const theirs = entries.filter((entry) => isTakenOver(entry, manager));
  if (theirs.length === 0) return live;
  const own = entries.find((entry) => textField(entry, "manager") === manager && isApply(entry));
  const merged = [...theirs, ...(own ? [own] : [])]
    .map((entry) => field(entry, "fieldsV1") ?? {})
    .reduce<PropertyValue>(union, {});
  const owner = { ...(isMap(theirs[0] ?? null) ? (theirs[0] as PropertyMap) : {}), manager, operation: "Apply" };
  const rest = entries.filter((entry) => entry !== own && !theirs.includes(entry));
  return cluster.jsonPatch(live, [
    { op: "replace", path: "/metadata/managedFields", value: [...rest, { ...owner, fieldsV1: merged }] },
    { op: "replace", path: "/metadata/resourceVersion", value: textField(live, "metadata", "resourceVersion") },
  ]);
}

/** Whether the only conflicts of a preview would be those that the update resolves by taking over fields. */
export function isOwnCreation(live: KubeObject): boolean {
  const entries = listField(live, "metadata", "managedFields");
  return (
    entries.length === 0 ||
    entries.some((entry) => textField(entry, "manager") === creator && textField(entry, "operation") === "Update")
  );
}

/**
 * Applies ignoreChanges: such a field gets its live value, or is left out if only other managers own it.
 */
export function withIgnored(inputs: KubeObject, live: KubeObject, manager: string, paths: string[]): KubeObject {
  return paths.reduce((result, path) => {
    const steps = path.split(".");
    const owners = listField(live, "metadata", "managedFields").filter((entry) => owns(entry, steps));
    const others = owners.some((entry) => textField(entry, "manager") !== manager);
    const own = owners.some((entry) => textField(entry, "manager") === manager);
    if (others && !own) return withField(result, undefined, ...steps);
    const there = field(live, ...steps);
    return there === undefined ? result : withField(result, there, ...steps);
  }, inputs);
}

function isTakenOver(entry: PropertyValue, manager: string): boolean {
  const name = textField(entry, "manager");
  if (name === manager || textField(entry, "subresource") !== "") return false;
  return takenOver.some(([taken, operation]) => name.startsWith(taken) && textField(entry, "operation") === operation);
}

function isApply(entry: PropertyValue): boolean {
  return textField(entry, "operation") === "Apply" && textField(entry, "subresource") === "";
}

function owns(entry: PropertyValue, steps: string[]): boolean {
  return field(entry, "fieldsV1", ...steps.map((step) => `f:${step}`)) !== undefined;
}

function union(a: PropertyValue, b: PropertyValue): PropertyValue {
  if (!isMap(a) || !isMap(b)) return a;
  const added = Object.entries(b).map(([key, value]) => [key, key in a ? union(a[key] ?? {}, value) : value]);
  return { ...a, ...Object.fromEntries(added) };
}

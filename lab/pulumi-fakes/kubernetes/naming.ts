import { randomBytes } from "node:crypto";
import { isMap, isUnknown } from "../plugin/property.ts";
import { annotation, field, type KubeObject, nameOf, withField } from "./object.ts";

const autonamed = "pulumi.com/autonamed";

/** Whether the program gave it a name, be it one that only the update will know. */
export function isNamed(object: KubeObject): boolean {
  return nameOf(object) !== "" || isUnknown(object.metadata);
}

/** Whether its name was made up here: a replacement then gets another, and may come first. */
export function isAutonamed(object: KubeObject): boolean {
  return annotation(object, autonamed) === "true";
}

/** An object with a name: its own, the one it was given before, or `<resource>-<8 hex digits>`. */
export function withName(object: KubeObject, old: KubeObject, resource: string): KubeObject {
  if (field(object, "metadata", "generateName") !== undefined && !isNamed(object))
    throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  if (isNamed(object)) return object;
  if (Object.keys(old).length === 0) return autoname(object, `${resource}-${randomBytes(4).toString("hex")}`);
  return isAutonamed(old) ? autoname(object, nameOf(old)) : object;
}

function autoname(object: KubeObject, name: string): KubeObject {
  const named = withField(object, name, "metadata", "name");
  const annotations = field(named, "metadata", "annotations");
  // Nothing can be put into annotations that only the update will know.
  if (annotations !== undefined && !isMap(annotations)) return named;
  return withField(named, "true", "metadata", "annotations", autonamed);
}

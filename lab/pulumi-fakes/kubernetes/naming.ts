import { randomBytes } from "node:crypto";
import { isMap, isUnknown } from "../plugin/property.ts";
import { annotation, field, type KubeObject, nameOf, withField } from "./object.ts";

const autonamed = "pulumi.com/autonamed";

/** Whether the program names the object, with an unknown name too. */
export function isNamed(object: KubeObject): boolean {
  return nameOf(object) !== "" || isUnknown(object.metadata);
}

/** Whether the name was generated: a replacement then gets another name, and is created first. */
export function isAutonamed(object: KubeObject): boolean {
  return annotation(object, autonamed) === "true";
}

/** Names an object: by its own name, the name generated before, or `<resource>-<8 hex digits>`. */
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
  // Unknown annotations cannot be extended.
  if (annotations !== undefined && !isMap(annotations)) return named;
  return withField(named, "true", "metadata", "annotations", autonamed);
}

import { isMap, isUnknown, type PropertyMap, type PropertyValue } from "../plugin/property.ts";

/** A Kubernetes object as its JSON, no secret wrapped. */
export type KubeObject = PropertyMap;

/** The value at that path; undefined if a step is missing. */
export function field(value: PropertyValue | undefined, ...path: string[]): PropertyValue | undefined {
  return path.reduce<PropertyValue | undefined>((found, key) => (isMap(found) ? found[key] : undefined), value);
}

export function textField(value: PropertyValue | undefined, ...path: string[]): string {
  const found = field(value, ...path);
  return typeof found === "string" ? found : "";
}

export function numberField(value: PropertyValue | undefined, ...path: string[]): number | undefined {
  const found = field(value, ...path);
  return typeof found === "number" ? found : undefined;
}

export function listField(value: PropertyValue | undefined, ...path: string[]): PropertyValue[] {
  const found = field(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function mapField(value: PropertyValue | undefined, ...path: string[]): PropertyMap {
  const found = field(value, ...path);
  return isMap(found) ? found : {};
}

/** The object with another value at that path; `undefined` removes the field. */
export function withField(object: KubeObject, value: PropertyValue | undefined, ...path: string[]): KubeObject {
  const [key = "", ...rest] = path;
  if (rest.length > 0) {
    if (value === undefined && !isMap(object[key])) return object;
    return { ...object, [key]: withField(mapField(object, key), value, ...rest) };
  }
  const { [key]: _, ...others } = object;
  return value === undefined ? others : { ...object, [key]: value };
}

export const nameOf = (object: KubeObject) => textField(object, "metadata", "name");
export const namespaceOf = (object: KubeObject) => textField(object, "metadata", "namespace");
export const kindOf = (object: KubeObject) => `${textField(object, "apiVersion")}/${textField(object, "kind")}`;

/** The Pulumi id: `namespace/name`, or the name alone. */
export function idOf(object: KubeObject): string {
  return namespaceOf(object) === "" ? nameOf(object) : `${namespaceOf(object)}/${nameOf(object)}`;
}

export function annotation(object: KubeObject, key: string): string {
  return textField(object, "metadata", "annotations", key);
}

export function isOwnedBy(object: PropertyValue, owner: KubeObject): boolean {
  const uid = textField(owner, "metadata", "uid");
  return listField(object, "metadata", "ownerReferences").some((reference) => textField(reference, "uid") === uid);
}

/** Whether it contains an unknown value. */
export function hasUnknown(value: PropertyValue | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isMap(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

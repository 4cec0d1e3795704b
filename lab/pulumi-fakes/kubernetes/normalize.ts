import { isMap, type PropertyMap, type PropertyValue } from "../plugin/property.ts";
import { field, hasUnknown, type KubeObject, kindOf, mapField, textField, withField } from "./object.ts";
import { canonicalQuantity } from "./quantity.ts";

const readOnly = [
  ...["creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields"],
  ...["resourceVersion", "uid"],
];

/** Inputs as the API server writes them, so that equal values compare as equal. */
export function normalized(object: KubeObject): KubeObject {
  const known = hasUnknown(object) ? object : normalizedContent(object);
  return readOnly.reduce((result, key) => withField(result, undefined, "metadata", key), known);
}

function normalizedContent(object: KubeObject): KubeObject {
  if (isSecretObject(object)) return normalizedSecret(object);
  if (isDefinition(object)) return withoutDefaults(withField(object, undefined, "status"));
  if (!isBuiltIn(object)) return object;
  const canonical = withoutEmpty(canonicalAmounts(object));
  return isMap(canonical) ? canonical : object;
}

/** Maps that are not stored when empty. Others, such as `emptyDir`, have a meaning even when empty. */
const droppedEmpty = ["annotations", "labels", "data", "nodeSelector", "matchLabels", "limits", "requests"];

function withoutEmpty(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isMap(value)) return value;
  const stored = Object.entries(value).filter(([key, below]) => {
    if (Array.isArray(below)) return below.length > 0;
    return !droppedEmpty.includes(key) || !isMap(below) || Object.keys(below).length > 0;
  });
  return Object.fromEntries(stored.map(([key, below]) => [key, withoutEmpty(below)]));
}

/** The official provider normalizes only built-in kinds, not custom resources. */
function isBuiltIn(object: KubeObject): boolean {
  const [group = "", version] = textField(object, "apiVersion").split("/");
  return version === undefined || !group.includes(".") || group.endsWith(".k8s.io");
}

function isSecretObject(object: KubeObject): boolean {
  return kindOf(object) === "v1/Secret";
}

export function isDefinition(object: KubeObject): boolean {
  return kindOf(object) === "apiextensions.k8s.io/v1/CustomResourceDefinition";
}

/** Converts `stringData` to `data`, as the API server does. */
function normalizedSecret(object: KubeObject): KubeObject {
  const encoded = Object.entries(mapField(object, "stringData")).map(([key, value]) => [key, base64(String(value))]);
  const given = Object.entries(mapField(object, "data")).map(([key, value]) => [key, recoded(value)]);
  if (encoded.length + given.length === 0) return object;
  return { ...withField(object, undefined, "stringData"), data: Object.fromEntries([...given, ...encoded]) };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Base64 without line breaks, as the API server stores it. */
function recoded(value: PropertyValue): PropertyValue {
  return typeof value === "string" ? Buffer.from(value, "base64").toString("base64") : value;
}

function withoutDefaults(definition: KubeObject): KubeObject {
  const preserved = field(definition, "spec", "preserveUnknownFields");
  return preserved === false ? withField(definition, undefined, "spec", "preserveUnknownFields") : definition;
}

/** Fields that map resource names to quantities. */
const amounts = ["limits", "requests", "capacity", "hard"];

function canonicalAmounts(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(canonicalAmounts);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => {
      if (amounts.includes(key) && isMap(below)) return [key, canonicalEach(below)];
      return [key, key === "sizeLimit" ? canonical(below) : canonicalAmounts(below)];
    }),
  );
}

function canonicalEach(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, canonical(value)]));
}

function canonical(value: PropertyValue): PropertyValue {
  return typeof value === "string" || typeof value === "number" ? canonicalQuantity(String(value)) : value;
}

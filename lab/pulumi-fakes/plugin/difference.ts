import {
  archiveSignature,
  assetSignature,
  hasSignature,
  isMap,
  isSecret,
  type PropertyMap,
  type PropertyValue,
} from "./property.ts";

export type Change = "add" | "delete" | "update";

/** Changed paths, as in `connection`, `environment.HOME` or `triggers[0]`. */
export type Difference = Map<string, Change>;

/**
 * What changed from old to new inputs, to the depth the engine can show.
 *
 * @see pulumi: PropertyMap.Diff and NewDetailedDiffFromObjectDiff
 */
export function difference(olds: PropertyMap, news: PropertyMap): Difference {
  return new Map(objectChanges("", olds, news));
}

/** Whether two values are equal: secrets by their content, assets and archives by their hash. */
export function equals(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (isSecret(a) && isSecret(b)) return equals(a.value, b.value);
  if (hasContent(a) && hasContent(b)) return a.hash === b.hash;
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  return objectChanges("", entriesOf(a), entriesOf(b)).length === 0 && Array.isArray(a) === Array.isArray(b);
}

function objectChanges(prefix: string, olds: PropertyMap, news: PropertyMap): [string, Change][] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return keys.flatMap((key) => valueChanges(join(prefix, key), olds[key], news[key]));
}

function valueChanges(
  path: string,
  old: PropertyValue | undefined,
  now: PropertyValue | undefined,
): [string, Change][] {
  if (isNothing(old)) return isNothing(now) ? [] : [[path, "add"]];
  if (isNothing(now)) return [[path, "delete"]];
  if (isMap(old) && isMap(now)) return objectChanges(path, old, now);
  if (Array.isArray(old) && Array.isArray(now)) {
    const length = Math.max(old.length, now.length);
    return Array.from({ length }).flatMap((_, index) => valueChanges(`${path}[${index}]`, old[index], now[index]));
  }
  return equals(old, now) ? [] : [[path, "update"]];
}

function isNothing(value: PropertyValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function hasContent(value: PropertyValue): value is PropertyMap {
  return hasSignature(value, assetSignature) || hasSignature(value, archiveSignature);
}

function entriesOf(value: PropertyMap | PropertyValue[]): PropertyMap {
  return Array.isArray(value) ? Object.fromEntries(value.entries()) : value;
}

function join(prefix: string, key: string): string {
  if (!/^\w+$/.test(key)) return `${prefix}["${key.replaceAll('"', '\\"')}"]`;
  return prefix === "" ? key : `${prefix}.${key}`;
}

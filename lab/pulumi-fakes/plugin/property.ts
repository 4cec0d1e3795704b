/**
 * Property values as they travel between the engine and a plugin: JSON, where an object that carries the
 * signature key is a special value.
 *
 * @see pulumi: sdk/go/common/resource/sig/sig.go, sdk/go/common/resource/plugin/rpc.go
 */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;
export type PropertyMap = { [key: string]: PropertyValue };

export const signatureKey = "4dabf18193072939515e22adb298388d";
export const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
export const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Placeholders for values that are unknown in a preview, one for each type. */
const unknowns = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The placeholder for an unknown value. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: PropertyValue | undefined): boolean {
  return typeof value === "string" && unknowns.has(value);
}

export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(signatureKey in value);
}

export function hasSignature(value: PropertyValue | undefined, signature: string): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && value[signatureKey] === signature;
}

export function secret(value: PropertyValue): PropertyValue {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

export function isSecret(value: PropertyValue | undefined): value is PropertyMap {
  return hasSignature(value, secretSignature);
}

/** The same value with no secret left wrapped. */
export function reveal(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return reveal(value.value ?? null);
  if (Array.isArray(value)) return value.map(reveal);
  return isMap(value) ? revealAll(value) : value;
}

export function revealAll(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, reveal(value)]));
}

/** A revealed value, if it has that type; else undefined. */
export const text = (value: PropertyValue | undefined) => (typeof value === "string" ? value : undefined);
export const number = (value: PropertyValue | undefined) => (typeof value === "number" ? value : undefined);
export const flag = (value: PropertyValue | undefined) => (typeof value === "boolean" ? value : undefined);
export const texts = (value: PropertyValue | undefined) => (Array.isArray(value) ? value.map(String) : undefined);

import type { JsonNameParams } from "@peculiar/x509";
import { isMap, type PropertyMap, type PropertyValue, texts } from "../plugin/property.ts";

/** Attributes in the order Go writes them. @see Go: crypto/x509/pkix Name.ToRDNSequence */
const attributes: [property: string, identifier: string][] = [
  ["country", "C"],
  ["organization", "O"],
  ["organizationalUnit", "OU"],
  ["locality", "L"],
  ["province", "ST"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "CN"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "1.2.840.113549.1.9.1"],
];

/** A distinguished name; empty where nothing was given. */
export function subjectName(subject: PropertyValue | undefined): JsonNameParams {
  if (!isMap(subject)) return [];
  return attributes.flatMap(([property, identifier]) =>
    valuesOf(subject, property).map((value) =>
      property === "emailAddress" ? { [identifier]: [{ ia5String: value }] } : { [identifier]: [value] },
    ),
  );
}

function valuesOf(subject: PropertyMap, property: string): string[] {
  const value = subject[property] ?? null;
  return texts(value) ?? (value === null ? [] : [String(value)]);
}

/** A JSON object, or an empty one for anything else: what a server answers may be anything. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function size(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

/** The strings in it, by key. */
export function texts(value: unknown): [string, string][] {
  return Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string");
}

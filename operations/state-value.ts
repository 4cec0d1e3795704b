/** The key by which the engine marks a secret in a state. @see Pulumi: sdk/go/common/resource/sig.go */
const secretKey = "4dabf18193072939515e22adb298388d";

/**
 * A value in a state that was exported with --show-secrets, with its secrets as they are. A secret is an object there,
 * with the value as JSON in its field `plaintext`.
 */
export function stateValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stateValue);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { plaintext?: unknown };
  if (secretKey in value && typeof plaintext === "string") return stateValue(JSON.parse(plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stateValue(each)]));
}

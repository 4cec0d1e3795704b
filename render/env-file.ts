/** An `.env` file that a shell, `docker --env-file` and `kubectl --from-env-file` read in the same way. */
export function envFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join("");
}

/**
 * A value in quotes if a shell needs them. Otherwise without, since docker and kubectl read quotes as part of the
 * value.
 */
function quoted(value: string): string {
  if (/^[A-Za-z0-9_@%+=:,./{}-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value.replace(/["\\$`]/g, "\\$&")}"` : `'${value}'`;
}

/** An `.env` file that a shell, `docker --env-file` and `kubectl --from-env-file` read in the same way. */
export function envFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join("");
}

/** Without quotes where possible, since docker and kubectl take quotes for a part of the value. */
function quoted(value: string): string {
  if (/^[A-Za-z0-9_@%+=:,./{}-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value.replace(/["\\$`]/g, "\\$&")}"` : `'${value}'`;
}

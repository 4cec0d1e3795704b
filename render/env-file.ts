/** An `.env` file's text: a variable a line, read alike by a shell, by `docker --env-file` and by `kubectl --from-env-file`. */
export function envFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join("");
}

/** As it is wherever it may be: the last two readers take quotes for a part of the value. */
function quoted(value: string): string {
  if (/^[A-Za-z0-9_@%+=:,./{}-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value.replace(/["\\$`]/g, "\\$&")}"` : `'${value}'`;
}

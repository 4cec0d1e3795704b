/** A bcrypt hash as Apache's `htpasswd -B` writes it. From cost 15 on, each login would take more than a second. */
const bcryptHash = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/;

/**
 * Checks the text of an htpasswd file: `NAME:HASH` lines, whose hashes are bcrypt of cost 4 to 14; empty lines and
 * lines that start with `#` are ignored. Returns an error message, which holds no hash, or undefined for a valid text.
 */
export function validateHtpasswd(value: string): string | undefined {
  const names = new Set<string>();
  for (const [index, line] of value.split("\n").entries()) {
    const entry = parseLine(line);
    if (entry === undefined) continue;
    const { name, hash } = entry;
    if (name === "" || !bcryptHash.test(hash))
      return `line ${index + 1} is no NAME:HASH with a bcrypt hash of cost 4 to 14; htpasswd -B writes such lines`;
    if (names.has(name)) return `line ${index + 1} repeats the name of an earlier line; remove one of them`;
    names.add(name);
  }
  return names.size === 0 ? "has no line; give the whole file, or remove the key" : undefined;
}

/** The hashes by name. Lines of another shape, which `validateHtpasswd` reports, are left out. */
export function htpasswdHashes(value: string): Record<string, string> {
  const entries = value.split("\n").flatMap((line) => parseLine(line) ?? []);
  return Object.fromEntries(entries.filter(({ hash }) => bcryptHash.test(hash)).map(({ name, hash }) => [name, hash]));
}

/** The text without the line of this name; undefined if no line with a hash is left. */
export function withoutHtpasswdLine(value: string, name: string): string | undefined {
  const lines = value.split("\n").filter((line) => parseLine(line)?.name !== name);
  return lines.some((line) => parseLine(line) !== undefined) ? lines.join("\n") : undefined;
}

function parseLine(line: string): { name: string; hash: string } | undefined {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return undefined;
  const [name = "", hash = ""] = text.split(":", 2);
  return { name, hash };
}

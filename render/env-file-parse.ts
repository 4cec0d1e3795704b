export type EnvLine = { line: number; name: string; value: string };

/** Why a line is invalid. The message never repeats the line, which may have a password. */
export type EnvProblem = { line: number; message: string };

/**
 * Reads an `.env` file: `NAME=VALUE` with or without `export`, plain or in single or double quotes, and comments after
 * `#`. A line that a shell would read in another way is a problem. Only space and tab are blanks, as in a shell;
 * JavaScript's `\s` also matches others.
 */
export function parseEnvFile(text: string): { lines: EnvLine[]; problems: EnvProblem[] } {
  const lines: EnvLine[] = [];
  const problems: EnvProblem[] = [];
  for (const [index, source] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = index + 1;
    if (/^[ \t]*(#|$)/.test(source)) continue;
    const read = assignment(source);
    const first = lines.find(({ name }) => read.name === name);
    if (read.value === undefined) problems.push({ line, message: read.message });
    else if (first) problems.push({ line, message: `${read.name} is on line ${first.line} already` });
    else lines.push({ line, name: read.name, value: read.value });
  }
  return { lines, problems };
}

type Read = { name: string; value: string } | { name?: undefined; value?: undefined; message: string };

function assignment(source: string): Read {
  const [, name, rest = ""] = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(source) ?? [];
  if (name === undefined)
    return { message: "is no NAME=VALUE, without spaces around =, as in CONTAINER_REGISTRY_HOST=registry.example.org" };
  const value = unquoted(rest);
  if (value === undefined) return { message: `${name} cannot be read: ${reasonUnreadable(rest)}` };
  if (/\p{Cc}/u.test(value)) return { message: `${name} holds a control character; write it anew` };
  return { name, value };
}

/** A value without its quotes. Undefined if a shell would read another value, or would read on in the next line. */
function unquoted(rest: string): string | undefined {
  const [, plain, single, double] =
    /^(?:([^ \t'"\\$`;&|<>()#][^ \t'"\\$`;&|<>()]*|)|'([^']*)'|"((?:[^"\\$`]|\\["\\$`])*)")(?:[ \t]+#.*|[ \t]*)$/s.exec(
      rest,
    ) ?? [];
  return plain ?? single ?? double?.replace(/\\(["\\$`])/g, "$1");
}

function reasonUnreadable(rest: string): string {
  if (/^[ \t]+[^ \t]/.test(rest)) return "no space may stand behind =";
  const quote = /^['"]/.exec(rest)?.[0];
  if (quote && !rest.slice(1).includes(quote)) return `its ${quote} is not closed on the line`;
  return "put it in single quotes: a shell would not take it as it stands";
}

import { readFileSync } from "node:fs";

/** One word of POSIX shell, whatever it holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A here-document's lines, under a delimiter that the text does not hold. */
export function hereDocument(command: string, text: string): string {
  if (!text.endsWith("\n")) throw new Error(`a here-document ends in a newline: ${command}`);
  let delimiter = "END";
  while (text.split("\n").includes(delimiter)) delimiter += "_";
  return `${command} <<'${delimiter}'\n${text}${delimiter}\n`;
}

/** The shell files of a folder, in the order given, as one text without comments: a comment changed changes no host. */
export function shellFiles(folder: URL, names: readonly string[]): string {
  return names.map((name) => withoutComments(new URL(`${name}.sh`, folder).href)).join("");
}

/** Read once: every node of a stack has the same program. */
const read = new Map<string, string>();

function withoutComments(file: string): string {
  const text = read.get(file) ?? readFileSync(new URL(file), "utf8").replace(/^\s*#.*\n/gm, "");
  read.set(file, text);
  return text;
}

import { readFileSync } from "node:fs";
import { basename } from "node:path";

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

/**
 * Joins files of a folder, in the order given, into one shell text. A name alone is a shell file; `NAME.awk` becomes the
 * variable `awk_NAME`, with the program as its value. Comments are left out, so that another comment changes no machine.
 */
export function shellFiles(folder: URL, names: readonly string[]): string {
  return names
    .map((name) => {
      if (!name.endsWith(".awk")) return withoutComments(new URL(`${name}.sh`, folder));
      return `${awkVariable(name)}=${shellWord(withoutComments(new URL(name, folder)))}\n`;
    })
    .join("");
}

function awkVariable(path: string): string {
  return `awk_${basename(path, ".awk").replaceAll("-", "_")}`;
}

/** Files by their address: every node of a stack has the same program. */
const texts = new Map<string, string>();

function withoutComments(file: URL): string {
  const text = texts.get(file.href) ?? readFileSync(file, "utf8").replace(/^\s*#.*\n/gm, "");
  texts.set(file.href, text);
  return text;
}

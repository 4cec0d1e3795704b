import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** Quotes text so that a POSIX shell reads it as one word, whatever characters it contains. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A shell command with the text as its here-document. The closing delimiter is never equal to a line of the text. */
export function hereDocument(command: string, text: string): string {
  if (!text.endsWith("\n")) throw new Error(`a here-document ends in a newline: ${command}`);
  let delimiter = "END";
  while (text.split("\n").includes(delimiter)) delimiter += "_";
  return `${command} <<'${delimiter}'\n${text}${delimiter}\n`;
}

/**
 * Joins files of a folder, in the order given, into one shell text. The name `NAME` adds the file NAME.sh. The name
 * `NAME.awk` adds a shell variable `awk_NAME` whose value is the awk program. Comments are removed, so that editing a
 * comment does not change any script that runs on a machine.
 */
export function shellFiles(folder: URL, names: readonly string[]): string {
  return names
    .map((name) => {
      if (!name.endsWith(".awk")) return textOf(new URL(`${name}.sh`, folder));
      return `${awkVariable(name)}=${shellWord(textOf(new URL(name, folder)))}\n`;
    })
    .join("");
}

/** Removes the lines that are comments. */
export function withoutComments(text: string): string {
  return text.replace(/^\s*#.*\n/gm, "");
}

function awkVariable(path: string): string {
  return `awk_${basename(path, ".awk").replaceAll("-", "_")}`;
}

/** The text of each file, by URL. Every node of a stack has the same program, so each file is read only once. */
const texts = new Map<string, string>();

function textOf(file: URL): string {
  const text = texts.get(file.href) ?? withoutComments(readFileSync(file, "utf8"));
  texts.set(file.href, text);
  return text;
}

import { createHash } from "node:crypto";
import { gzipSync, strToU8 } from "fflate";

/** A program of shell functions, as a command carries it. */
export type SentProgram = {
  /** Compressed and in base64: one line of standard input. */
  line: string;
  /** Part of the command's text, so that a preview shows when the program changes. */
  version: string;
};

const sent = new Map<string, SentProgram>();

/**
 * The same program goes to every node, and stands twice in the state of each, so it is compressed, once. By a library and not by
 * Node.js: zlib's output differs between its releases and processors, and each difference would apply every host again.
 */
export function sentProgram(text: string): SentProgram {
  const known = sent.get(text);
  if (known) return known;
  const compressed = gzipSync(strToU8(text), { level: 9, mtime: 0 });
  const version = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const program = { line: Buffer.from(compressed).toString("base64"), version };
  sent.set(text, program);
  return program;
}

/** Shell commands that read a program's line, define its functions and call one. gzip is on every node, as part of its base system. */
export function runProgram(main: string): string {
  return `read -r program\nprogram=$(printf '%s' "$program" | base64 -d | gzip -dc) || exit\neval "$program"\n${main}\n`;
}

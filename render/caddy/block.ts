/** A directive, snippet or site with lines between braces. The global options have an empty head. */
export type Block = { head: string; lines: readonly Line[] };

/** A line without its indentation, or a block. `""` is an empty line. */
export type Line = string | Block;

export function block(head: string, lines: readonly Line[]): Block {
  return { head, lines };
}

/** Returns the lines if the condition is true, and no lines otherwise. */
export function when(condition: boolean, ...lines: readonly Line[]): readonly Line[] {
  return condition ? lines : [];
}

/** Joins the parts, with an empty line between every two parts. Empty parts are left out. */
export function paragraphs(...parts: readonly (readonly Line[])[]): readonly Line[] {
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ["", ...part]));
}

/** The text of these lines, indented by tabs as `caddy fmt` does. */
export function caddyText(lines: readonly Line[], depth = 0): string {
  return lines.map((line) => lineText(line, depth)).join("");
}

function lineText(line: Line, depth: number): string {
  const indentation = "\t".repeat(depth);
  if (typeof line === "string") return line === "" ? "\n" : `${indentation}${line}\n`;
  const opening = line.head === "" ? "{" : `${line.head} {`;
  return `${indentation}${opening}\n${caddyText(line.lines, depth + 1)}${indentation}}\n`;
}

import { readFileSync } from "node:fs";

/** A page of `docs`, whose commands tests run as they stand there. */
export type DocsPage = {
  /** Its path below `docs`. */
  name: string;
  /** The command lines of a section's code blocks, without comments. A section begins with a heading, or with a bold word. */
  lines(section: string): string[];
  /** The commands of a step of the page's first numbered list: those in its bold beginning, then those of its code blocks. */
  step(number: number): string[];
  /** The commands in the last column of the table's row that has this text. Throws if there is no such row. */
  mendsOf(symptom: string): string[];
};

/** Reads a page of `docs`, as in `incidents/full-disk.md`. */
export function docsPage(name: string): DocsPage {
  return { name, ...readPage(readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8")) };
}

/** Reads a page's text. */
export function readPage(text: string): Omit<DocsPage, "name"> {
  const parts = text.split(/^(?:\*\*|## )([^*\n]+)/m);
  return {
    lines: (section) => commandsOfBlocks(parts[parts.indexOf(section) + 1] ?? ""),
    step: (number) => {
      const [, part = ""] = text.split(new RegExp(`^${number}\\. `, "m"));
      const [step = ""] = part.split(/^(?=\d+\. |\S)/m);
      const [, title = ""] = /^\*\*(.+?)\*\*/.exec(step) ?? [];
      const commands = [...title.matchAll(/`((?:npm|pulumi) [^`]+)`/g)].map(([, command = ""]) => command);
      return [...commands, ...commandsOfBlocks(step)];
    },
    mendsOf: (symptom) => {
      const row = text.split("\n").find((line) => line.startsWith("| ") && line.includes(symptom));
      if (row === undefined) throw new Error(`no row has ${symptom}`);
      const mend = row.split(" | ").at(-1) ?? "";
      return [...mend.matchAll(/`([^`]+)`/g)].map(([, command = ""]) => command);
    },
  };
}

function commandsOfBlocks(part: string): string[] {
  return [...part.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = ""]) => commandLines(block));
}

function commandLines(block: string): string[] {
  const lines = block.split("\n").map((line) => line.replace(/(^|\s+)# .*$/, "").trim());
  return lines.filter((line) => line !== "");
}

import { readFileSync } from "node:fs";

/** A page of `docs`, whose commands tests run as they stand there. */
export type DocsPage = {
  /** Its path below `docs`. */
  name: string;
  /** The command lines of a section's code blocks, without comments. A section begins with a heading, or with a bold word. */
  lines(section: string): string[];
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
    lines: (section) => {
      const part = parts[parts.indexOf(section) + 1] ?? "";
      return [...part.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = ""]) => commandLines(block));
    },
    mendsOf: (symptom) => {
      const row = text.split("\n").find((line) => line.startsWith("| ") && line.includes(symptom));
      if (row === undefined) throw new Error(`no row has ${symptom}`);
      const mend = row.split(" | ").at(-1) ?? "";
      return [...mend.matchAll(/`([^`]+)`/g)].map(([, command = ""]) => command);
    },
  };
}

function commandLines(block: string): string[] {
  const lines = block.split("\n").map((line) => line.replace(/(^|\s+)# .*$/, "").trim());
  return lines.filter((line) => line !== "");
}

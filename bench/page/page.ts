import { cells, headings } from "../table.ts";
import { plot } from "./plot.ts";
import { json, type Result } from "./result.ts";

/**
 * The files that follow from the results, by path below docs/: each result, its plot, and the page, whose prose stays and whose
 * tables between `<!-- SUITE -->` and `<!-- /SUITE -->` are written anew.
 */
export function pageFiles(page: string, results: readonly Result[]): Record<string, string> {
  const files: Record<string, string> = {};
  let text = page;
  for (const result of results) {
    const { suite, rows } = result;
    files[`benchmarks/${suite}.json`] = json(result);
    files[`benchmarks/${suite}.svg`] = plot(`npm run bench -- ${suite}`, rows);
    text = withSection(text, suite, section(result));
  }
  return { ...files, "benchmarks.md": text };
}

function withSection(page: string, suite: string, text: string): string {
  const [start, end] = [`<!-- ${suite} -->\n`, `<!-- /${suite} -->\n`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no lines ${start.trim()} and ${end.trim()}`);
  return page.slice(0, from + start.length) + text + page.slice(to);
}

function section({ suite, at, seconds, rows, environment }: Result): string {
  const { cpu, cores, memory, kernel, programs } = environment;
  const versions = Object.entries(programs).map(([program, version]) => `${program} ${version}`);
  const shown = headings.map((_, column) => rows.some((row) => cells(row)[column] !== ""));
  const line = (each: readonly string[]) => `| ${each.filter((_, column) => shown[column]).join(" | ")} |\n`;
  return [
    `\n\`npm run bench -- ${suite}\`, ${at.slice(0, 10)}, ${Math.ceil(seconds)} s on ${cores} cores of ${cpu}, ${memory} GB, Linux ${kernel}; `,
    `${versions.join(", ")}.\n\n`,
    line(headings),
    line(headings.map(() => "---")),
    ...rows.map((row) => line(cells(row))),
    `\n![How many times as good as each peer, by row](benchmarks/${suite}.svg)\n\n`,
  ].join("");
}

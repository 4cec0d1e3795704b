import type { Outcome } from "./scenario.ts";

/** How many problems of a scenario are printed. */
const shown = 20;

/** What each scenario has counted, one line each, and its problems. */
export function summary(outcomes: readonly (Outcome & { name: string; seconds: number })[]): string {
  const rows = outcomes.flatMap(({ name, seconds, counts, problems }) => [
    [name, "seconds", seconds.toFixed(0)],
    ...Object.entries(counts).map(([what, count]) => ["", what, String(count)]),
    ["", "problems", String(problems.length)],
    ...problems.slice(0, shown).map((problem) => ["", `! ${problem}`, ""]),
  ]);
  const widths = [0, 1].map((column) =>
    Math.max(...rows.filter(([, , last]) => last !== "").map((cells) => cells[column]?.length ?? 0)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

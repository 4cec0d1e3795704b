import type { Row, Spread } from "./row.ts";

export const headings = ["what", "ours", "peer's", "ratio", "rounds", "asked", "met", "peer"];

/** The rows as text, one line each, columns aligned. */
export function table(rows: readonly Row[]): string {
  const lines = [headings, ...rows.map(cells)];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

/** One row's cells below the headings. Medians have the smallest and the largest behind them where there was more than one round. */
export function cells({ what, unit, peer, ours, theirs, ratio, rounds, ...rest }: Row): string[] {
  const { oursSpread, ratioSpread, atLeast, atMost, met } = rest;
  const asked = atLeast !== undefined ? `>= ${rounded(atLeast)}` : atMost !== undefined ? `<= ${rounded(atMost)}` : "";
  const between = (spread: Spread) => (rounds > 1 ? ` (${rounded(spread.minimum)}–${rounded(spread.maximum)})` : "");
  return [
    what,
    `${rounded(ours)} ${unit}${between(oursSpread)}`,
    `${rounded(theirs)} ${unit}`,
    `${rounded(ratio)}${between(ratioSpread)}`,
    String(rounds),
    asked,
    met ? asked && "yes" : "NO",
    peer,
  ];
}

/** Three digits that count, so that small ratios keep their meaning. */
function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

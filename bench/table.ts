import type { Row } from "./row.ts";

const headings = ["what", "ours", "peer's", "ratio", "asked", "met", "peer"];

/** The rows as text, one line each, columns aligned. */
export function table(rows: readonly Row[]): string {
  const lines = [headings, ...rows.map(cells)];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

function cells({ what, unit, peer, ours, theirs, ratio, atLeast, atMost, met }: Row): string[] {
  const asked = atLeast !== undefined ? `>= ${atLeast}` : atMost !== undefined ? `<= ${atMost}` : "";
  return [
    what,
    measure(ours, unit),
    measure(theirs, unit),
    ratio.toFixed(2),
    asked,
    asked && (met ? "yes" : "NO"),
    peer,
  ];
}

function measure(value: number, unit: string): string {
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
}

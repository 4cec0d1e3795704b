import type { Row, Spread } from "../row.ts";

const barHeight = 22;
const labelWidth = 560;
const plotWidth = 420;
const valueWidth = 150;
const top = 34;
const ticks = [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64];

/**
 * A bar for each row, on a logarithmic scale: how many times as good as its peer this project is, with a line from the worst to
 * the best round. Right of the line at 1 is better, so times and memory are turned round. Written by hand, since the
 * plotting libraries for this need a browser's DOM, or some thirty packages.
 */
export function plot(title: string, rows: readonly Row[]): string {
  const bars = rows.filter(({ ratio, theirs }) => ratio > 0 && theirs > 0);
  const [first = 1, last = 1] = range(bars.map((row) => timesAsGood(row).spread));
  const x = (times: number) =>
    labelWidth + (plotWidth * (Math.log(times) - Math.log(first))) / (Math.log(last) - Math.log(first));
  const height = top + bars.length * barHeight + 10;
  const width = labelWidth + plotWidth + valueWidth;
  const lines = ticks
    .filter((tick) => tick >= first && tick <= last)
    .map(
      (tick) =>
        `<line x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${top - 4}" y2="${height - 8}" stroke="${tick === 1 ? "#333" : "#ddd"}"/>` +
        `<text x="${at(x(tick))}" y="${top - 10}" text-anchor="middle" fill="#555">${tick < 1 ? `1/${1 / tick}` : tick}×</text>`,
    );
  const drawn = bars.map((row, index) => {
    const { median, spread } = timesAsGood(row);
    const y = top + index * barHeight;
    const middle = y + barHeight / 2 - 2;
    const [left, right] = [Math.min(x(1), x(median)), Math.max(x(1), x(median))];
    return [
      `<text x="${labelWidth - 8}" y="${middle + 4}" text-anchor="end">${escaped(row.what)} <tspan fill="#777">/ ${escaped(row.peer)}</tspan></text>`,
      `<rect x="${at(left)}" y="${y + 2}" width="${at(right - left)}" height="${barHeight - 8}" fill="${median < 1 ? "#d98c3f" : "#4a86b8"}"/>`,
      `<line x1="${at(x(spread.minimum))}" x2="${at(x(spread.maximum))}" y1="${middle}" y2="${middle}" stroke="#222" stroke-width="1.5"/>`,
      `<text x="${labelWidth + plotWidth + 8}" y="${middle + 4}">${median.toPrecision(3)}×</text>`,
    ].join("");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...lines,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

/** More of a rate is better, and less of everything else. */
function timesAsGood({ unit, ratio, ratioSpread: { minimum, maximum } }: Row): { median: number; spread: Spread } {
  if (unit.endsWith("/s")) return { median: ratio, spread: { minimum, maximum } };
  return { median: 1 / ratio, spread: { minimum: 1 / maximum, maximum: 1 / minimum } };
}

/** The axis ends at powers of two, around 1 and everything drawn. */
function range(spreads: readonly Spread[]): [number, number] {
  const low = Math.min(0.5, ...spreads.map(({ minimum }) => minimum));
  const high = Math.max(2, ...spreads.map(({ maximum }) => maximum));
  return [2 ** Math.floor(Math.log2(low)), 2 ** Math.ceil(Math.log2(high))];
}

function at(position: number): string {
  return position.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

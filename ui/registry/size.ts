const units = ["B", "kB", "MB", "GB", "TB"] as const;

/**
 * A number of bytes for people, in powers of 1000 like Docker.
 * @example sizeText(28_437_120) // "28.4 MB"
 */
export function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  // 999.96 kB is 1.0 MB, not 1000.0 kB.
  if (power < units.length - 1 && Number(value.toFixed(digits(value, power))) >= 1000)
    return sizeText(1000 ** (power + 1));
  return `${value.toFixed(digits(value, power))} ${units[power]}`;
}

/** One size, or the smallest to the largest of those that are known. */
export function sizeRange(sizes: readonly (number | undefined)[]): string {
  const known = sizes.filter((size) => size !== undefined);
  if (known.length === 0) return "";
  const [least, most] = [sizeText(Math.min(...known)), sizeText(Math.max(...known))];
  if (least === most) return most;
  const [number, unit] = least.split(" ");
  return most.endsWith(` ${unit}`) ? `${number} – ${most}` : `${least} – ${most}`;
}

function digits(value: number, power: number): number {
  return power === 0 || value >= 100 ? 0 : 1;
}

const units = ["B", "kB", "MB", "GB", "TB"];

/**
 * A number of bytes for people, in powers of 1000 as docker has them.
 * @example sizeText(28_437_120) // "28.4 MB"
 */
export function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

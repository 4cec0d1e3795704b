/**
 * As many header lines as the proxy's limits allow. Many short headers use the most memory, because each is an entry in Go's
 * map.
 */
export const manyHeaders = Array.from({ length: 1100 }, (_, index) => `${shortName(index)}:\r\n`).join("");

function shortName(index: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return [26 * 26, 26, 1].map((unit) => letters[Math.floor(index / unit) % 26]).join("");
}

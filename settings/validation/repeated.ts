/** The entries whose key an earlier one has too, each with its index and that of the earlier one. */
export function repeated<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
): { entry: T; index: number; first: number }[] {
  const keys = entries.map(keyOf);
  return entries
    .map((entry, index) => ({ entry, index, first: keys.indexOf(keys[index] ?? "") }))
    .filter(({ index, first }) => first < index);
}

/**
 * The entries whose key equals that of an earlier entry. `index` is the entry's own, `first` that of the earliest
 * entry with this key.
 */
export function repeated<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
): { entry: T; index: number; first: number }[] {
  const keys = entries.map(keyOf);
  return entries
    .map((entry, index) => ({ entry, index, first: keys.indexOf(keys[index] ?? "") }))
    .filter(({ index, first }) => first < index);
}

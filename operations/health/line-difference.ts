/** How many lines of a difference are printed. */
const mostLines = 20;

/** The lines that one text has and another has not, as `- old` and `+ new`, by their longest common subsequence. */
export function lineDifference(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const common = commonLengths(old, now);
  const difference: string[] = [];
  for (let [i, j] = [0, 0]; i < old.length || j < now.length; ) {
    if (i < old.length && old[i] === now[j]) {
      i++;
      j++;
    } else if (j >= now.length || (i < old.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      difference.push(`- ${old[i++]}`);
    } else {
      difference.push(`+ ${now[j++]}`);
    }
  }
  const rest = difference.length - mostLines;
  return rest > 0 ? [...difference.slice(0, mostLines), `… ${rest} lines more`] : difference;
}

/** For each pair of positions, how many lines the two texts have in common from there on. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        old[i] === now[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  return lengths;
}

function at(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

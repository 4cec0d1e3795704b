/** One comparison of this project with a peer, measured in turn. */
export type Row = {
  what: string;
  unit: string;
  peer: string;
  ours: number;
  theirs: number;
  /** Median of ours / theirs, pair by pair. */
  ratio: number;
  atLeast?: number;
  atMost?: number;
  met: boolean;
};

export type Measured = {
  what: string;
  unit: string;
  peer: string;
  pairs: readonly (readonly [ours: number, theirs: number])[];
  atLeast?: number;
  atMost?: number;
};

/** Medians of paired measurements, compared with the required ratio. */
export function row({ pairs, atLeast, atMost, ...named }: Measured): Row {
  const ratio = median(pairs.map(([ours, theirs]) => ours / theirs));
  return {
    ...named,
    ours: median(pairs.map(([ours]) => ours)),
    theirs: median(pairs.map(([, theirs]) => theirs)),
    ratio,
    atLeast,
    atMost,
    met: ratio >= (atLeast ?? 0) && ratio <= (atMost ?? Number.POSITIVE_INFINITY),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (low + high) / 2;
}

/** The smallest and the largest of what the rounds measured. */
export type Spread = { minimum: number; maximum: number };

/** One comparison of this project with a peer, measured in turn. */
export type Row = {
  what: string;
  /** A rate ends in `/s`, and more of it is better. Of everything else less is. */
  unit: string;
  peer: string;
  ours: number;
  theirs: number;
  /** Median of ours / theirs, pair by pair. */
  ratio: number;
  /** How many pairs were measured. */
  rounds: number;
  oursSpread: Spread;
  ratioSpread: Spread;
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

/** Medians and spreads of paired measurements, compared with the required ratio. */
export function row({ pairs, atLeast, atMost, ...named }: Measured): Row {
  const ours = pairs.map(([each]) => each);
  const ratios = pairs.map(([each, theirs]) => each / theirs);
  const ratio = median(ratios);
  return {
    ...named,
    ours: median(ours),
    theirs: median(pairs.map(([, theirs]) => theirs)),
    ratio,
    rounds: pairs.length,
    oursSpread: spread(ours),
    ratioSpread: spread(ratios),
    atLeast,
    atMost,
    met: ratio >= (atLeast ?? 0) && ratio <= (atMost ?? Number.POSITIVE_INFINITY),
  };
}

/** A count beside the one number that it may be. A ratio would say nothing where that is 0, so it is their difference. */
export function countRow({ what, unit, peer, counted, allowed }: Counted): Row {
  const ratio = counted - allowed;
  return {
    ...{ what, unit, peer, ratio },
    ours: counted,
    theirs: allowed,
    rounds: 1,
    oursSpread: spread([counted]),
    ratioSpread: spread([ratio]),
    met: counted === allowed,
  };
}

export type Counted = { what: string; unit: string; peer: string; counted: number; allowed: number };

function spread(numbers: readonly number[]): Spread {
  return { minimum: Math.min(...numbers), maximum: Math.max(...numbers) };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (low + high) / 2;
}

/** Numbers that the same seed gives again. */
export type Random = {
  /** A whole number from `low` on, and less than `high`. */
  between(low: number, high: number): number;
  oneOf<T>(values: readonly [T, ...T[]]): T;
};

/** @see mulberry32, a generator of 32 bits of state */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low));
  return { between, oneOf: (values) => values[between(0, values.length)] ?? values[0] };
}

import { UsageError } from "../operation-error.ts";

const units = { kB: 1e3, MB: 1e6, GB: 1e9 };

/** The bytes per second that the user typed, as in `500kB` or `10MB`. */
export function bytesPerSecond(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,4})([kMG]B)$/.exec(text) ?? [];
  if (amount === undefined) throw new UsageError("--limit-rate is a number of kB, MB or GB each second, as in 10MB");
  return Number(amount) * units[unit as keyof typeof units];
}

/** Spreads bytes over time, for any number of streams together. */
export class RateLimit {
  readonly #bytesPerMs: number;
  /** When what was let through so far is paid for, in milliseconds. */
  #free = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** How long to wait with these bytes, in milliseconds. `now`: in milliseconds, of any clock that only goes forward. */
  waitMs(bytes: number, now: number): number {
    this.#free = Math.max(this.#free, now) + bytes / this.#bytesPerMs;
    return this.#free - now;
  }
}

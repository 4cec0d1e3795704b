/** How long requests are retried while Jenkins is unreachable or starting. */
export type RetryPolicy = {
  /** How long to retry while Jenkins cannot be reached, in seconds. */
  awaySeconds: number;
  /** How long to retry while Jenkins answers 503, as it does when it starts, in seconds. */
  startingSeconds: number;
  /** The wait before the first retry, in milliseconds. Each further wait is twice as long, up to eight seconds. */
  firstWaitMs: number;
};

export const defaultRetryPolicy: RetryPolicy = { awaySeconds: 20, startingSeconds: 180, firstWaitMs: 500 };

const longestWaitMs = 8000;

/**
 * How long to wait before the next retry, in milliseconds, after `tries` tries in `sinceMs` milliseconds. Undefined if
 * retrying would exceed the limit of `seconds`.
 */
export function waitMs(
  tries: number,
  sinceMs: number,
  seconds: number,
  { firstWaitMs }: RetryPolicy,
): number | undefined {
  const wait = Math.min(firstWaitMs * 2 ** (tries - 1), longestWaitMs);
  return sinceMs + wait > seconds * 1000 ? undefined : wait;
}

/** How long a Jenkins that is away, or starts, is waited for. */
export type RetryPolicy = {
  /** While nobody listens, in seconds. */
  awaySeconds: number;
  /** While it says itself that it starts (503), in seconds. */
  startingSeconds: number;
  /** Before the first other try, in milliseconds; each wait after it is twice as long, up to eight seconds. */
  firstWaitMs: number;
};

export const defaultRetryPolicy: RetryPolicy = { awaySeconds: 20, startingSeconds: 180, firstWaitMs: 500 };

const longestWaitMs = 8000;

/** How long to wait after so many tries; undefined once the time is up. */
export function waitMs(
  tries: number,
  sinceMs: number,
  seconds: number,
  { firstWaitMs }: RetryPolicy,
): number | undefined {
  const wait = Math.min(firstWaitMs * 2 ** (tries - 1), longestWaitMs);
  return sinceMs + wait > seconds * 1000 ? undefined : wait;
}

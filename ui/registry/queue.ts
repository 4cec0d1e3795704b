/** Runs a task when its turn comes; one whose signal aborts before that never runs. */
export type Queue = <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** A queue that runs at most `width` tasks at once, first come, first served. */
export function queue(width: number): Queue {
  let free = width;
  const waiting = new Set<() => void>();

  const turn = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      const start = () => {
        waiting.delete(start);
        signal?.removeEventListener("abort", leave);
        free -= 1;
        resolve();
      };
      const leave = () => {
        waiting.delete(start);
        reject(signal?.reason);
      };
      if (free > 0) return start();
      signal?.addEventListener("abort", leave, { once: true });
      waiting.add(start);
    });

  return async (task, signal) => {
    signal?.throwIfAborted();
    await turn(signal);
    try {
      return await task();
    } finally {
      free += 1;
      for (const start of waiting) {
        start();
        break;
      }
    }
  };
}

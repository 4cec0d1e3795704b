export type Turn = {
  /** A task whose signal aborts before its turn never runs. */
  signal?: AbortSignal;
  /** Whether it runs before all waiting tasks. */
  urgent?: boolean;
};

/** Runs a task when its turn comes. */
export type Queue = <T>(task: () => Promise<T>, turn?: Turn) => Promise<T>;

/** A queue that runs at most `width` tasks at a time, in order; urgent ones come first. */
export function queue(width: number): Queue {
  let free = width;
  const waiting: (() => void)[] = [];

  const turn = ({ signal, urgent = false }: Turn) =>
    new Promise<void>((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener("abort", leave);
        free -= 1;
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal?.reason);
      };
      if (free > 0) return start();
      signal?.addEventListener("abort", leave, { once: true });
      if (urgent) waiting.unshift(start);
      else waiting.push(start);
    });

  return async (task, how = {}) => {
    how.signal?.throwIfAborted();
    await turn(how);
    try {
      return await task();
    } finally {
      free += 1;
      waiting.shift()?.();
    }
  };
}

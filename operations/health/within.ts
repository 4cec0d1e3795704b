import { OperationError } from "../operation-error.ts";

/**
 * Waits for work that may hang, for so many seconds at most. `who` is the subject of the error, as in
 * `203.0.113.5`. The signal tells the work to end what it has open.
 */
export async function within<T>(seconds: number, who: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const end = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new OperationError(`${who} does not answer within ${seconds} s`));
      end.abort();
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work(end.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

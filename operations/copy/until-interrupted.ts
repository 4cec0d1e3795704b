import { once } from "node:events";
import { OperationError } from "../operation-error.ts";

/** Runs `act` until Ctrl-C, which aborts the signal and rejects, so that the caller deletes the passwords. */
export async function untilInterrupted<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  // Not `process.once`: execa kills this process where it finds no listener but its own.
  process.on("SIGINT", stop);
  try {
    const interrupted = once(stopping.signal, "abort").then((): never => {
      throw new OperationError("interrupted; the same command goes on where this one ended");
    });
    return await Promise.race([act(stopping.signal), interrupted]);
  } finally {
    process.off("SIGINT", stop);
  }
}

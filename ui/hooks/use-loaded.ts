import { type Inputs, useEffect, useState } from "preact/hooks";
import { asFailure, type Failure } from "../registry/failure.ts";

export type Loaded<T> = { value?: T; failure?: Failure; retry(): void };

/** The result of `load`. It is aborted and loaded again when `inputs` change, and aborted when the component is removed. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, inputs: Inputs): Loaded<T> {
  const [outcome, setOutcome] = useState<{ value?: T; failure?: Failure }>({});
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    const finish = (to: { value?: T; failure?: Failure }) => {
      if (!stop.signal.aborted) setOutcome(to);
    };
    setOutcome({});
    load(stop.signal).then(
      (value) => finish({ value }),
      (thrown) => finish({ failure: asFailure(thrown) }),
    );
    return () => stop.abort();
  }, [...inputs, attempt]);

  return { ...outcome, retry: () => setAttempt(attempt + 1) };
}

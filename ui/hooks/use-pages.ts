import { type Inputs, useEffect, useState } from "preact/hooks";
import { asFailure, type Failure } from "../registry/failure.ts";
import { inOrder } from "../registry/listing.ts";

export type Listing = {
  /** What was loaded so far, in order. */
  names: string[];
  complete: boolean;
  failure?: Failure;
  reload(): void;
};

const nothing = { names: [] as string[], complete: false };

/** Loads all pages of a list, and updates at each page. */
export function usePages(pages: (signal: AbortSignal) => AsyncIterable<string[]>, inputs: Inputs): Listing {
  const [listing, setListing] = useState<Omit<Listing, "reload">>(nothing);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    setListing(nothing);
    void read(pages(stop.signal), (to) => !stop.signal.aborted && setListing(to));
    return () => stop.abort();
  }, [...inputs, attempt]);

  return { ...listing, reload: () => setAttempt(attempt + 1) };
}

async function read(pages: AsyncIterable<string[]>, show: (to: Omit<Listing, "reload">) => void): Promise<void> {
  const found = new Set<string>();
  try {
    for await (const page of pages) {
      for (const name of page) found.add(name);
      show({ names: inOrder([...found]), complete: false });
    }
    show({ names: inOrder([...found]), complete: true });
  } catch (thrown) {
    show({ names: inOrder([...found]), complete: false, failure: asFailure(thrown) });
  }
}

import pLimit from "p-limit";
import { OperationError } from "../operation-error.ts";
import { type Check, type Found, found, type Problem } from "./check.ts";
import { within } from "./within.ts";

/** A part of a live stack that is asked by itself, such as a node. */
export type Part = {
  /** As in `node node-1`. */
  name: string;
  examine(): Promise<Found[]>;
};

export type PartOptions<Facts> = {
  name: string;
  /** Asks the part. Rejects with an OperationError where it does not answer. */
  look: (signal: AbortSignal) => Promise<Facts>;
  checks: readonly Check<Facts>[];
  /** What is found where the part does not answer. */
  unreachable: { id: string; followsFrom?: readonly string[]; problem(reason: string): Problem };
  /** @default 10 */
  seconds?: number;
};

/** How many parts are asked at once. */
const atOnce = 32;

/** A part whose facts are asked for once, within bounded time, and then given to each of its checks. */
export function part<Facts>({ name, look, checks, unreachable, seconds = 10 }: PartOptions<Facts>): Part {
  return {
    name,
    examine: async () => {
      try {
        return found(checks, await within(seconds, name, look));
      } catch (error) {
        if (!(error instanceof OperationError)) throw error;
        const { id, followsFrom = [], problem } = unreachable;
        return [{ finding: { check: id, ...problem(error.message) }, followsFrom }];
      }
    },
  };
}

/** Asks all parts side by side. */
export async function examineParts(parts: readonly Part[]): Promise<Found[]> {
  const limit = pLimit(atOnce);
  return (await Promise.all(parts.map((each) => limit(() => each.examine())))).flat();
}

import type { Random } from "./random.ts";

/** How long a scenario works, and what it draws at random. */
export type Bounds = {
  /** How many collections, kills or copies it makes. */
  count: number;
  /** When it ends although the count is not reached, as by Date.now(). */
  deadline: number;
  /** By how many milliseconds a busy machine may make a request slower. */
  slowerBy: number;
  random: Random;
};

/** What a scenario has counted, and whatever should not have happened. */
export type Outcome = { counts: Record<string, number>; problems: readonly string[] };

/** An error as a problem, with the place where it was thrown. */
export function problemOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs a step so often as asked, and not again after the deadline. Returns how often it ran. */
export async function repeat({ count, deadline }: Bounds, step: () => Promise<void>): Promise<number> {
  let done = 0;
  while (done < count && Date.now() < deadline) {
    await step();
    done++;
  }
  return done;
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Front, fronts, honestClientIsServed, memoryLimitMib, peakMemoryMib } from "./fronts.ts";

/** An attack by a client that knows a front's address, but no password. */
export type Attack = {
  name: string;
  /** Starts the attack on one URL. It continues until the result is disposed of. */
  begin(url: string, front: Front): Promise<AsyncDisposable>;
  /** Whether it takes every connection there is, so that others wait until it ends. @default false */
  takesAll?: boolean;
};

/**
 * Tests every attack against every URL of every front. The front must stay within the memory limit of its container, and must
 * serve well-behaved clients during and after the attack. All attacks on a front hit the same process.
 *
 * With `atOnce`, the fronts are attacked at the same time. That is for attacks that mostly wait: others would take the CPU from the
 * well-behaved clients of every front.
 */
export function survives(attacks: readonly Attack[], { atOnce = false } = {}): void {
  const suites = atOnce ? describe.concurrent : describe;
  suites.each(fronts)("$name", ({ start }) => {
    let front: Front;
    beforeAll(async () => {
      front = await start();
    });
    afterAll(() => front[Symbol.asyncDispose]());

    it.sequential.each(attacks)("survives $name", { timeout: 180_000 }, async ({ begin, takesAll }) => {
      for (const url of front.urls) {
        const attack = await begin(url, front);
        if (!takesAll) await honestClientIsServed(front);
        await attack[Symbol.asyncDispose]();
      }
      await honestClientIsServed(front);
      expect(await peakMemoryMib(front.pid)).toBeLessThan(memoryLimitMib);
    });
  });
}

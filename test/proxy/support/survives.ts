import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Front, fronts, honestClientIsServed, memoryLimitMib, peakMemoryMib } from "./fronts.ts";

/** What a client without a password may do to a front whose address it knows. */
export type Attack = {
  name: string;
  /** Attacks one address, and goes on until it is disposed of. */
  begin(url: string, front: Front): Promise<AsyncDisposable>;
  /** Whether it takes every connection there is, so that others wait until it ends. @default false */
  takesAll?: boolean;
};

/**
 * Every attack against every address of every front: the front stays within the memory of its container, serves honest
 * clients during the attack, and after it. The attacks on one front follow each other in the same process.
 */
export function survives(attacks: readonly Attack[]): void {
  describe.each(fronts)("$name", ({ start }) => {
    let front: Front;
    beforeAll(async () => {
      front = await start();
    });
    afterAll(() => front[Symbol.asyncDispose]());

    it.each(attacks)("survives $name", { timeout: 180_000 }, async ({ begin, takesAll }) => {
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

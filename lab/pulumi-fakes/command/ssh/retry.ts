import { setTimeout as sleep } from "node:timers/promises";
import { cancellation } from "../../plugin/cancellation.ts";
import type { Log } from "../../plugin/engine-log.ts";

const firstDelayMs = 100;
const longestDelayMs = 5000;

/**
 * Tries again, less and less often, until it works or has failed `limit` times more than once.
 *
 * @see pulumi-command: dialWithRetry, over sdk/go/common/util/retry
 */
export async function withRetry<T>(what: string, limit: number, log: Log, attempt: () => Promise<T>): Promise<T> {
  let delay = firstDelayMs;
  for (let failed = 1; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (limit > -1 && failed > limit) throw new Error(`after ${failed - 1} failed attempts: ${message}`);
      await log.status(`${what} ${failed}/${limit === -1 ? "inf" : limit} failed: retrying`);
    }
    await sleep(Math.min(delay, longestDelayMs), undefined, { signal: cancellation });
    delay *= 1.5;
  }
}

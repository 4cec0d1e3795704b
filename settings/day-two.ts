import { z } from "zod";

/** A key whose issue defines its shape: any value is taken, and `up` stops with one sentence (`landed.ts`). */
const reserved = (description: string) =>
  z.unknown().optional().describe(`${description}. Reserved: not available yet`);

/** Day-2 settings. */
export const dayTwo = {
  garbageCollection: reserved("When images nobody names are deleted"),
  backup: reserved("Where images and state are copied"),
  notify: reserved("Who hears of trouble"),
};

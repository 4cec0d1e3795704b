import { z } from "zod";

/** Something wrong in a live stack, and how to mend it. */
export const Finding = z.object({
  /** The id of the check that found it, as in `disk-full`. It stays the same between versions. */
  check: z.string(),
  problem: z.string(),
  /** The part that has the problem, as in `host 203.0.113.5`. */
  where: z.string(),
  /** Who suffers from it. */
  affects: z.string(),
  /** How it came about, where that can be told. */
  cause: z.string().optional(),
  /** Lines that show it, as the difference between a file and what the last `up` wrote. */
  lines: z.array(z.string()).optional(),
  /** The command that mends it, or the step where there is no command. */
  mend: z.string(),
  /** Whether `registry doctor --fix` mends it. */
  fixable: z.boolean(),
  /** Problems that follow from this one. */
  symptoms: z.array(z.string()).optional(),
});

export type Finding = z.output<typeof Finding>;

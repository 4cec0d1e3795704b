import { z } from "zod";

/**
 * A text that users change after they rebuilt a machine, so that the next `up` applies everything to the machine
 * again.
 */
export const Generation = z
  .string()
  .regex(/^[A-Za-z0-9._-]{0,64}$/, 'letters, digits, dots, dashes, as in "2"')
  .default("")
  .describe("Change it when the machine was rebuilt: everything is applied anew");

import { z } from "zod";

/** A word to change when a machine was rebuilt, so that it is applied anew. */
export const Generation = z
  .string()
  .regex(/^[A-Za-z0-9._-]{0,64}$/, 'letters, digits, dots, dashes, as in "2"')
  .default("")
  .describe("Change it when the machine was rebuilt: everything is applied anew");

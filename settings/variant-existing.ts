import { z } from "zod";
import { ExistingTls } from "./tls.ts";

/** Somebody else runs the registry; nodes and CI still learn to use it. */
export const ExistingVariant = z
  .strictObject({ kind: z.literal("existing"), tls: ExistingTls })
  .describe("Somebody else runs the registry; nodes and CI still learn to use it");

export type ExistingVariant = z.output<typeof ExistingVariant>;

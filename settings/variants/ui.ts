import { z } from "zod";
import { Image } from "./image.ts";

/** The registry's ui: web pages that list its repositories and tags. */
export const Ui = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }).describe("No UI"),
    z.strictObject({ kind: z.literal("builtin") }).describe("This project's own UI"),
    z
      .strictObject({ kind: z.literal("joxit"), image: Image.describe("The UI's image") })
      .describe("joxit/docker-registry-ui, which shows what needs no login"),
  ])
  .prefault({ kind: "none" })
  .describe("A UI that lists what the registry holds");

export type Ui = z.output<typeof Ui>;

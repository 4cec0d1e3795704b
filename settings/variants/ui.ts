import { z } from "zod";
import { Image } from "./image.ts";

/** The registry's ui: web pages that list its repositories and tags. */
export const Ui = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }).describe("No page"),
    z.strictObject({ kind: z.literal("builtin") }).describe("This project's own page"),
    z
      .strictObject({ kind: z.literal("joxit"), image: Image.describe("The page's image") })
      .describe("joxit/docker-registry-ui, which shows what needs no login"),
  ])
  .prefault({ kind: "none" })
  .describe("A page that lists what the registry holds");

export type Ui = z.output<typeof Ui>;

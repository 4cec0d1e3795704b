import { z } from "zod";
import { probe } from "../formats/image-reference.ts";
import { PathPrefix } from "../formats/repository-glob.ts";
import { ExistingTls } from "./tls.ts";

/** Variant existing: somebody else runs the registry, and this stack configures nodes and CI to use it. */
export const ExistingVariant = z
  .strictObject({
    kind: z.literal("existing"),
    tls: ExistingTls,
    probeRepository: PathPrefix.min(1, "a repository below the path prefix, as in shop")
      .meta({ examples: ["shop"] })
      .default(probe)
      .describe(
        "The repository below the path prefix that `up` asks about: whether the account may push to it, and pull",
      ),
  })
  .describe("Somebody else runs the registry; nodes and CI still learn to use it");

export type ExistingVariant = z.output<typeof ExistingVariant>;

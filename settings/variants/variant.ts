import { z } from "zod";
import { ClusterVariant } from "./cluster.ts";
import { ExistingVariant } from "./existing.ts";
import { HostVariant } from "./host.ts";
import { HybridVariant } from "./hybrid.ts";

/** Who runs the registry, and where: `kind` selects the variant. */
export const Variant = z
  .discriminatedUnion("kind", [HostVariant, ClusterVariant, HybridVariant, ExistingVariant])
  .describe("Who runs the registry");

export type Variant = z.output<typeof Variant>;

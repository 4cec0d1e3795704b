import { z } from "zod";
import { ClusterVariant } from "./variant-cluster.ts";
import { ExistingVariant } from "./variant-existing.ts";
import { HostVariant } from "./variant-host.ts";
import { HybridVariant } from "./variant-hybrid.ts";

/** Who runs the registry. */
export const Variant = z
  .discriminatedUnion("kind", [HostVariant, ClusterVariant, HybridVariant, ExistingVariant])
  .describe("Who runs the registry");

export type Variant = z.output<typeof Variant>;

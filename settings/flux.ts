import { z } from "zod";
import { KubernetesName, Namespace } from "./kubernetes-name.ts";
import { PathPrefix } from "./repository-glob.ts";

const Interval = z
  .string()
  .regex(/^([1-9]\d*[smh])+$/, "a duration in s, m and h, as in 5m")
  .meta({ examples: ["5m"] });

const FluxImage = z.strictObject({
  name: KubernetesName.describe("The ImageRepository's name"),
  image: PathPrefix.optional().describe("The image below the path prefix; `name` unless given"),
  interval: Interval.default("5m").describe("How often Flux looks for tags"),
});

const order = z.enum(["asc", "desc"]).default("asc");

const FluxPolicy = z.strictObject({
  name: KubernetesName.describe("The ImagePolicy's name"),
  image: KubernetesName.describe("A name of `images`"),
  policy: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("semver"), range: z.string().min(1, "a range, as in >=1.0.0") }),
    z.strictObject({ kind: z.literal("alphabetical"), order }),
    z.strictObject({ kind: z.literal("numerical"), order }),
  ]),
  filterTags: z
    .strictObject({ pattern: z.string().min(1, "a regular expression, as in ^main-"), extract: z.string().optional() })
    .optional(),
});

/** Flux objects that watch the registry for new tags. */
export const Flux = z
  .strictObject({
    namespace: Namespace.default("flux-system"),
    apiVersion: z
      .string()
      .regex(/^image\.toolkit\.fluxcd\.io\/v1(beta\d+)?$/, "Flux's image API, as in image.toolkit.fluxcd.io/v1beta2")
      .default("image.toolkit.fluxcd.io/v1beta2"),
    account: z.string().optional().describe("Who reads where pulls need credentials, a name of `accounts`"),
    images: z.array(FluxImage).default([]),
    policies: z.array(FluxPolicy).default([]),
  })
  .describe("Flux objects that watch the registry for new tags");

export type Flux = z.output<typeof Flux>;

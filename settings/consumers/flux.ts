import { z } from "zod";
import { KubernetesName, Namespace } from "../formats/kubernetes-name.ts";
import { PathPrefix } from "../formats/repository-glob.ts";

const Interval = z
  .string()
  .regex(/^([1-9]\d*[smh])+$/, "a duration in s, m and h, as in 5m")
  .meta({ examples: ["5m"] });

const FluxImage = z.strictObject({
  name: KubernetesName.describe("The ImageRepository's name"),
  image: PathPrefix.optional().describe("The image below the path prefix; `name` unless given"),
  interval: Interval.default("5m").describe("How often Flux looks for tags"),
});

const order = z.enum(["asc", "desc"]).default("asc").describe("Which end is the newest");

const FluxPolicy = z.strictObject({
  name: KubernetesName.describe("The ImagePolicy's name"),
  image: KubernetesName.describe("A name of `images`"),
  policy: z
    .discriminatedUnion("kind", [
      z
        .strictObject({
          kind: z.literal("semver"),
          range: z.string().min(1, "a range, as in >=1.0.0").describe("What versions count"),
        })
        .describe("By semantic version"),
      z.strictObject({ kind: z.literal("alphabetical"), order }).describe("By letter"),
      z.strictObject({ kind: z.literal("numerical"), order }).describe("By number"),
    ])
    .describe("How tags are ordered"),
  filterTags: z
    .strictObject({
      pattern: z.string().min(1, "a regular expression, as in ^main-").describe("A regular expression"),
      extract: z.string().optional().describe("A group of it, as in $ts"),
    })
    .optional()
    .describe("Which tags count, and what of them is compared"),
});

/** Flux objects that watch the registry for new tags. */
export const Flux = z
  .strictObject({
    namespace: Namespace.default("flux-system").describe("Where Flux runs"),
    apiVersion: z
      .string()
      .regex(/^image\.toolkit\.fluxcd\.io\/v1(beta\d+)?$/, "Flux's image API, as in image.toolkit.fluxcd.io/v1beta2")
      .default("image.toolkit.fluxcd.io/v1beta2")
      .describe("The API version the cluster's Flux serves"),
    account: z.string().optional().describe("Who reads where pulls need credentials, a name of `accounts`"),
    images: z.array(FluxImage).default([]).describe("ImageRepository objects"),
    policies: z.array(FluxPolicy).default([]).describe("ImagePolicy objects: which tag is the newest"),
  })
  .describe("Flux objects that watch the registry for new tags");

export type Flux = z.output<typeof Flux>;

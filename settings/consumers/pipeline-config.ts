import { z } from "zod";
import { KubernetesName, Namespace } from "../formats/kubernetes-name.ts";

const Language = z.string().regex(/^[a-z][a-z0-9]*$/, "lower-case letters and digits, as in java");

/** The base images that builds start from: one for each language. */
const BaseImages = z
  .strictObject({
    prefix: z
      .string()
      .regex(/^[a-z][a-z0-9]*$/, "lower-case letters and digits, as in whanos")
      .describe("Images are called `PREFIX-LANGUAGE`, variables `PREFIX_BASE_IMAGE_LANGUAGE` in capitals"),
    languages: z
      .array(Language)
      .min(1, "at least one, as in java")
      .refine((languages) => new Set(languages).size === languages.length, "each language once")
      .describe("What there is one for"),
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "an image tag, as in latest")
      .default("latest")
      .describe("Their tag"),
  })
  .describe("Images that builds start from, pushed by `registry push-images` and named in the ConfigMap");

/** A ConfigMap that tells pipelines where the registries are. */
export const PipelineConfig = z
  .strictObject({
    namespace: Namespace.optional().describe(
      "Where pipelines run. Without it there is no ConfigMap, and `registry export-env` alone names the base images",
    ),
    baseImages: BaseImages.optional(),
    name: KubernetesName.default("pipeline-config").describe("The ConfigMap's name"),
  })
  .describe("A ConfigMap that tells pipelines where the registries are");

export type PipelineConfig = z.output<typeof PipelineConfig>;

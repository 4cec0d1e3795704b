import { z } from "zod";
import { KubernetesName, Namespace } from "./kubernetes-name.ts";

/** A ConfigMap that tells pipelines where the registries are. */
export const PipelineConfig = z
  .strictObject({
    namespace: Namespace.describe("Where pipelines run"),
    name: KubernetesName.default("pipeline-config").describe("The ConfigMap's name"),
  })
  .describe("A ConfigMap that tells pipelines where the registries are");

export type PipelineConfig = z.output<typeof PipelineConfig>;

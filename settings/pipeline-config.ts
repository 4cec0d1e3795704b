import { z } from "zod";
import { KubernetesName, Namespace } from "./kubernetes-name.ts";

/** A ConfigMap that tells pipelines where the registries are. */
export const PipelineConfig = z
  .strictObject({ namespace: Namespace, name: KubernetesName.default("pipeline-config") })
  .describe("A ConfigMap that tells pipelines where the registries are");

export type PipelineConfig = z.output<typeof PipelineConfig>;

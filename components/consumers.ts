import type { Secrets } from "../settings/secrets.ts";
import type { Settings } from "../settings/settings.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";

/** What consumers are made from; each component takes of it what it needs. */
export type ConsumerArgs = {
  settings: Settings;
  secrets: Secrets;
  endpoint: RegistryEndpoint;
  /** Where the stack works in one. */
  cluster?: KubernetesCluster;
};

/** What a stack gives out for consumers that fetch it themselves. */
export type ConsumerOutputs = {
  /** A fragment of Jenkins' configuration as code, with `jenkins.via: casc`. */
  jenkinsCasc?: string;
};

/** Gives those who push and pull their credentials. Only what a stack asks for is loaded. */
export async function consumers(args: ConsumerArgs): Promise<ConsumerOutputs> {
  const { settings, endpoint, cluster } = args;
  const { jenkins, pipelineConfig, pullSecrets, flux } = settings;
  const outputs: ConsumerOutputs = jenkins ? await (await import("./jenkins.ts")).jenkinsConsumer(jenkins, args) : {};
  if (pipelineConfig && cluster) {
    const { PipelineConfig } = await import("./pipeline-config.ts");
    new PipelineConfig("pipeline-config", { pipelineConfig, settings, endpoint, cluster });
  }
  if (pullSecrets.length > 0 && cluster) {
    const { pullSecrets: make } = await import("./pull-secret.ts");
    make(settings, { endpoint, cluster });
  }
  if (flux && cluster) {
    const { fluxImages } = await import("./flux-images.ts");
    fluxImages(settings, { endpoint, cluster });
  }
  return outputs;
}

import type { ConsumerArgs, ConsumerOutputs } from "./consumers/consumer-args.ts";

/** Gives those who push and pull their credentials. Only what a stack asks for is loaded. */
export async function consumers(args: ConsumerArgs): Promise<ConsumerOutputs> {
  const { settings, endpoint, owner, cluster } = args;
  const { jenkins, pipelineConfig, pullSecrets, flux } = settings;
  const outputs: ConsumerOutputs = jenkins
    ? await (await import("./consumers/jenkins.ts")).jenkinsConsumer(jenkins, args)
    : {};
  if (pipelineConfig && cluster) {
    const { PipelineConfig } = await import("./consumers/pipeline-config.ts");
    new PipelineConfig("pipeline-config", { pipelineConfig, settings, endpoint, owner, cluster });
  }
  if (pullSecrets.length > 0 && cluster) {
    const { pullSecrets: make } = await import("./consumers/pull-secret.ts");
    make(settings, { endpoint, owner, cluster });
  }
  if (flux && cluster) {
    const { fluxImages } = await import("./consumers/flux-images.ts");
    fluxImages(settings, { endpoint, owner, cluster });
  }
  return outputs;
}

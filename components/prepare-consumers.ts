import type { Settings } from "../settings/settings.ts";
import type { ConsumerArgs, ConsumerOutputs } from "./consumers/consumer-args.ts";
import { prepareJenkins } from "./consumers/jenkins.ts";
import type { LazyCluster } from "./lazy-cluster.ts";

/**
 * Creates the consumers: the resources that give Jenkins, pipelines, pods and Flux the registry's address and
 * credentials.
 */
export type CreateConsumers = (args: ConsumerArgs) => ConsumerOutputs;

/** Loads the code of the consumers that the stack file asks for, and gets the cluster if one of them needs it. */
export async function prepareConsumers(settings: Settings, cluster: LazyCluster): Promise<CreateConsumers> {
  const { jenkins, pipelineConfig, pullSecrets, flux } = settings;
  const createJenkins = jenkins && (await prepareJenkins(jenkins, settings, cluster));
  const createOthers: ((args: ConsumerArgs) => void)[] = [];
  if (pipelineConfig?.namespace !== undefined) {
    const { PipelineConfig } = await import("./consumers/pipeline-config.ts");
    const { name, namespace } = pipelineConfig;
    const common = { configMap: { name, namespace }, settings, cluster: cluster.get() };
    createOthers.push(({ endpoint, owner }) => new PipelineConfig("pipeline-config", { ...common, endpoint, owner }));
  }
  if (pullSecrets.length > 0) {
    const { createPullSecrets } = await import("./consumers/pull-secret.ts");
    const inCluster = cluster.get();
    createOthers.push(({ endpoint, owner }) => createPullSecrets(settings, { endpoint, owner, cluster: inCluster }));
  }
  if (flux) {
    const { createFluxImages } = await import("./consumers/flux-images.ts");
    const inCluster = cluster.get();
    createOthers.push(({ endpoint, owner }) => createFluxImages(settings, { endpoint, owner, cluster: inCluster }));
  }
  return (args) => {
    for (const create of createOthers) create(args);
    return createJenkins?.(args) ?? {};
  };
}

import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { pipelineVariables } from "../../render/pipeline-config.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Settings } from "../../settings/settings.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import { ownedObject } from "../owned-object.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";
import { isCreatedWithRegistry, requiredNamespace } from "../required-namespace.ts";

export interface PipelineConfigArgs {
  /** What the ConfigMap is called, and the namespace that it is in. */
  configMap: { name: string; namespace: string };
  settings: Settings;
  endpoint: RegistryEndpoint;
  cluster: KubernetesCluster;
  /** The stack that owns the ConfigMap. */
  owner: pulumi.Input<Owner>;
}

/** A ConfigMap that tells pipelines the registries' hosts and their credentials' ids. It holds no secret. */
export class PipelineConfig extends pulumi.ComponentResource {
  constructor(name: string, args: PipelineConfigArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:pipelines:PipelineConfig", name, {}, opts);
    const { configMap, settings, endpoint, cluster, owner } = args;
    const { takeOverFrom } = settings;
    const existing = isCreatedWithRegistry(configMap.namespace, settings.variant)
      ? configMap.namespace
      : requiredNamespace(configMap.namespace, "pipelines", { parent: this, provider: cluster.provider });
    const dependsOn = endpoint.served;
    const another = "another pipelineConfig.name or namespace";
    const object = { kind: "ConfigMap", object: configMap.name, namespace: existing, another };
    const namespace = ownedObject(name, { ...object, cluster, owner, takeOverFrom }, { parent: this, dependsOn });
    new ConfigMap(
      `${name}-config-map`,
      { metadata: { name: configMap.name, namespace }, data: endpoint.host.apply((host) => data(settings, host)) },
      // The ConfigMap is created after the registry, so that pipelines never find a registry that does not answer yet.
      { parent: this, provider: cluster.provider, dependsOn },
    );
    this.registerOutputs();
  }
}

function data(settings: Settings, host: string): Record<string, string> {
  return pipelineVariables({ ...settings, containerRegistry: { ...settings.containerRegistry, host } });
}

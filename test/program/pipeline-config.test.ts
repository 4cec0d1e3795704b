import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { PipelineConfig } from "../../components/consumers/pipeline-config.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { addressed } from "../../components/registry-endpoint.ts";
import { changed, clusterStack, existingStack, parsed, type Stack } from "../unit/settings/stacks.ts";
import { testOwner } from "./owner.ts";
import { recorded, resource } from "./recorded.ts";

const namespaceType = "kubernetes:core/v1:Namespace";

async function created(stack: Stack, host = "registry.example.org") {
  const { settings } = parsed(stack);
  const { resources } = await recorded(() => {
    const cluster = new KubernetesCluster("cluster", { context: "kind-dev" });
    const served = [new Namespace("served")];
    const accounts = pulumi.secret<Record<string, string>>({ jenkins: "correct horse battery" });
    const endpoint = { ...addressed(host, "https"), ca: pulumi.output(""), accounts, served };
    const configMap = { name: "pipeline-config", namespace: "dso" };
    return new PipelineConfig("pipeline-config", { configMap, settings, endpoint, owner: testOwner, cluster });
  });
  return { resources, configMap: resource(resources, "kubernetes:core/v1:ConfigMap", "pipeline-config-config-map") };
}

describe("PipelineConfig", () => {
  it("is a ConfigMap in the pipelines' namespace, without a secret", async () => {
    const { configMap } = await created(existingStack);
    expect(configMap.inputs).toMatchObject({
      metadata: { name: "pipeline-config", namespace: "dso" },
      data: { CONTAINER_REGISTRY_HOST: "registry.example.org", CONTAINER_REGISTRY_PATH_PREFIX: "p2c" },
    });
    expect(JSON.stringify(configMap.inputs)).not.toContain("battery");
  });

  it("names the address that a load balancer gave the registry", async () => {
    const stack = changed(clusterStack, {
      "containerRegistry.host": "registry.{address}.nip.io",
      "variant.exposure": { kind: "load-balancer" },
    });
    const { configMap } = await created(stack, "registry.192.0.2.10.nip.io");
    expect(configMap.inputs).toMatchObject({ data: { CONTAINER_REGISTRY_HOST: "registry.192.0.2.10.nip.io" } });
  });

  it("is created after the registry", async () => {
    const { configMap } = await created(existingStack);
    expect(configMap.dependencies).toContainEqual(expect.stringContaining("::served"));
  });

  it("reads a foreign namespace before it creates anything there", async () => {
    const { resources } = await created(existingStack);
    const name = "namespace for pipelines, to be created first: kubectl create namespace dso";
    expect(resource(resources, namespaceType, name)).toMatchObject({ id: "dso" });
  });

  it("does not read the namespace that the registry creates", async () => {
    const { resources } = await created(clusterStack);
    const looked = resources.filter(({ type, id }) => type === namespaceType && id === "dso");
    expect(looked).toEqual([]);
  });
});

import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { LazyCluster } from "../../components/lazy-cluster.ts";
import { prepareConsumers } from "../../components/prepare-consumers.ts";
import { prepareRegistry } from "../../components/prepare-registry.ts";
import { prepareTrust } from "../../components/prepare-trust.ts";
import { changed, clusterStack, hostStack, hybridStack, parsed, type Stack } from "../unit/settings/stacks.ts";
import { recorded } from "./recorded.ts";

const clusterType = "container-registry:kubernetes:KubernetesCluster";

/** The clusters that a stack has once its registry, its nodes and its consumers are prepared. */
async function clusters(stack: Stack) {
  const { settings } = parsed(stack);
  const cluster = new LazyCluster(settings.variant);
  const { resources } = await recorded(async () => {
    await prepareRegistry(settings, cluster);
    await prepareTrust({ ...settings, variant: parsed(hostStack).settings.variant }, cluster);
    await prepareConsumers(settings, cluster);
  });
  return resources.filter(({ type }) => type === clusterType).map(({ name }) => name);
}

afterEach(() => {
  pulumi.runtime.setAllConfig({});
});

const pullSecrets = [{ namespace: "team-a", name: "registry", account: "jenkins" }];
const inCluster: [string, Stack][] = [
  ["variant cluster", clusterStack],
  [
    "nodeDaemonSet",
    changed(hostStack, {
      nodeDaemonSet: {
        runtime: "containerd",
        image: { reference: `docker.io/library/registry@sha256:${"0".repeat(64)}` },
      },
    }),
  ],
  ["pullSecrets", changed(hostStack, { pullSecrets })],
  ["pipelineConfig", changed(hostStack, { pipelineConfig: { namespace: "dso" } })],
  ["flux", changed(hostStack, { flux: { account: "jenkins", images: [{ name: "shop" }] } })],
];

describe("LazyCluster", () => {
  it.each(inCluster)("is created once for %s, before the registry's endpoint is known", async (_, stack) => {
    pulumi.runtime.setAllConfig({ "kubernetes:context": "kind-dev" });
    expect(await clusters(stack)).toEqual(["cluster"]);
  });

  it.each(inCluster)("ends the program for %s where the stack names no cluster", async (_, stack) => {
    await expect(clusters(stack)).rejects.toThrow("pulumi config set kubernetes:context NAME");
  });

  it("is the kind cluster of variant hybrid, without a setting", async () => {
    expect(await clusters(changed(hybridStack, { "variant.clusterName": "dev" }))).toEqual(["cluster"]);
  });

  it.each<[string, Stack]>([
    ["a registry host", hostStack],
    [
      "base images for a Jenkins without Kubernetes",
      changed(hostStack, { pipelineConfig: { baseImages: { prefix: "whanos", languages: ["c"] } } }),
    ],
  ])("is not created for %s", async (_, stack) => {
    expect(await clusters(stack)).toEqual([]);
  });
});

import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { KubernetesCluster, kindCluster, stackCluster } from "../../components/kubernetes-cluster.ts";
import { ProgramError } from "../../settings/program-error.ts";
import { isSecret, recorded, resource } from "./recorded.ts";

const providerType = "pulumi:providers:kubernetes";

afterEach(() => pulumi.runtime.setAllConfig({}));

async function providers(args: ConstructorParameters<typeof KubernetesCluster>[1]) {
  const { resources } = await recorded(() => new KubernetesCluster("cluster", args));
  return {
    resources,
    lookup: resource(resources, providerType, "cluster-lookup").inputs,
    provider: resource(resources, providerType, "cluster-provider").inputs,
  };
}

describe("KubernetesCluster", () => {
  it("is another cluster when kube-system is another", async () => {
    const { resources, provider } = await providers({ context: "kind-dev" });

    expect(resource(resources, "kubernetes:core/v1:Namespace", "cluster-kube-system")).toBeTruthy();
    expect(provider).toMatchObject({ context: "kind-dev", clusterIdentifier: "cluster-kube-system uid" });
  });

  it("looks the namespace up where the objects will be, through a provider that is never replaced", async () => {
    const { lookup } = await providers({ context: "kind-dev", kubeconfig: "/etc/kubeconfig" });
    expect(lookup).toMatchObject({
      context: "kind-dev",
      kubeconfig: "/etc/kubeconfig",
      clusterIdentifier: "looked up",
    });
  });

  it("takes over what a cut-off up has made, and forgets what ended with its cluster", async () => {
    const { provider } = await providers({ context: "kind-dev" });
    // Booleans reach a provider as JSON.
    expect(provider).toMatchObject({
      upsertExistingObjects: "true",
      enablePatchForce: "true",
      deleteUnreachable: "true",
    });
  });

  it("keeps a secret kubeconfig secret", async () => {
    const { lookup, provider } = await providers({ kubeconfig: pulumi.secret("apiVersion: v1") });
    expect([isSecret(lookup.kubeconfig), isSecret(provider.kubeconfig)]).toEqual([true, true]);
  });
});

describe("stackCluster", () => {
  it("refuses a stack that names none, and says how to", () => {
    expect(stackCluster).toThrow(
      new ProgramError(
        `stack ${pulumi.getStack()}: the stack file names no Kubernetes cluster; name its context: pulumi config set kubernetes:context NAME`,
      ),
    );
  });

  it("takes the context, or the kubeconfig, or both", () => {
    pulumi.runtime.setAllConfig({ "kubernetes:context": "kind-dev" });
    expect(stackCluster()).toEqual({ context: "kind-dev" });
    pulumi.runtime.setAllConfig({ "kubernetes:kubeconfig": "/etc/kubeconfig" });
    expect(stackCluster()).toEqual({ kubeconfig: "/etc/kubeconfig" });
  });

  it("hands a kubeconfig on as a secret where the stack file encrypts it", () => {
    pulumi.runtime.setAllConfig({ "kubernetes:kubeconfig": "apiVersion: v1" }, ["kubernetes:kubeconfig"]);
    expect(pulumi.Output.isInstance(stackCluster().kubeconfig)).toBe(true);
  });
});

describe("kindCluster", () => {
  it("is the context that kind gives the cluster", () => {
    expect(kindCluster("dev")).toEqual({ context: "kind-dev" });
  });
});

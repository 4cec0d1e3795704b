import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { KubernetesCluster, kindCluster, stackCluster } from "../../components/kubernetes-cluster.ts";
import { ProgramError } from "../../settings/errors/program-error.ts";
import { isSecret, recorded, resource, revealed } from "./recorded.ts";

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
  it("is identified by its kube-system namespace, which the state remembers", async () => {
    const { resources, provider } = await providers({ context: "kind-dev" });
    expect(resource(resources, "pulumi:index:Stash", "cluster-uid").inputs).toEqual({
      input: "cluster-kube-system uid",
    });
    expect(provider).toMatchObject({ context: "kind-dev", clusterIdentifier: "cluster-kube-system uid" });
  });

  it("is read and changed with its context's address, CA and user, as a secret", async () => {
    const { lookup, provider } = await providers({ context: "kind-dev" });
    expect(lookup).toMatchObject({ context: "kind-dev", clusterIdentifier: "looked up" });
    for (const { kubeconfig } of [lookup, provider]) {
      expect(isSecret(kubeconfig)).toBe(true);
      expect(parse(String(revealed(kubeconfig)))).toMatchObject({
        clusters: [{ cluster: { server: "https://127.0.0.1:6443", "certificate-authority-data": "Q0E=" } }],
        users: [{ user: { token: "not-to-be-seen" } }],
      });
    }
  });

  it("adopts what an interrupted up has created", async () => {
    const { provider } = await providers({ context: "kind-dev" });
    // Booleans reach a provider as JSON.
    expect(provider).toMatchObject({ upsertExistingObjects: "true", enablePatchForce: "true" });
  });

  it.each([
    [undefined, undefined],
    [false, undefined],
    [true, "true"],
  ])("with deleteUnreachable %s tells its provider %s", async (deleteUnreachable, told) => {
    const { provider } = await providers({ context: "kind-dev", deleteUnreachable });
    expect(provider.deleteUnreachable).toBe(told);
  });
});

describe("stackCluster", () => {
  it("rejects a stack that names no cluster, and says how to name one", () => {
    expect(stackCluster).toThrow(
      new ProgramError(
        `stack ${pulumi.getStack()}: the stack file names no Kubernetes cluster; name its context: pulumi config set kubernetes:context NAME`,
      ),
    );
  });

  it("reads the context, the kubeconfig, or both", () => {
    pulumi.runtime.setAllConfig({ "kubernetes:context": "kind-dev" });
    expect(stackCluster()).toEqual({ context: "kind-dev" });
    pulumi.runtime.setAllConfig({ "kubernetes:kubeconfig": "/etc/kubeconfig" });
    expect(stackCluster()).toEqual({ kubeconfig: "/etc/kubeconfig" });
  });

  it("reads deleteUnreachable", () => {
    pulumi.runtime.setAllConfig({ "kubernetes:context": "kind-dev", "kubernetes:deleteUnreachable": "true" });
    expect(stackCluster()).toEqual({ context: "kind-dev", deleteUnreachable: true });
  });
});

describe("kindCluster", () => {
  it("is the context that kind gives the cluster", () => {
    expect(kindCluster("dev")).toEqual({ context: "kind-dev" });
  });
});

import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../settings/owner.ts";
import type { Secrets } from "../settings/secrets.ts";
import type { Settings } from "../settings/settings.ts";
import { ExistingRegistry } from "./existing-registry.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";
import { RegistryHost } from "./registry-host.ts";

/**
 * The registry of the stack's variant, as the endpoint that all the rest works with. What only some variants need is
 * loaded for those: the classes of Kubernetes' objects take 0.15 s of every preview.
 */
export async function registry(
  { variant, containerRegistry, accounts, nodes, rotations, takeOverFrom }: Settings,
  secrets: Secrets,
  owner: pulumi.Input<Owner>,
  cluster?: KubernetesCluster,
): Promise<RegistryEndpoint> {
  const { passwords, sshPrivateKey, tlsCertificate: chain, tlsKey: key } = secrets;
  const certificate = chain && key && { chain, key };
  switch (variant.kind) {
    case "host": {
      const host = new RegistryHost("registry", {
        variant,
        containerRegistry,
        accounts,
        passwords,
        rotations,
        owner,
        sshPrivateKey,
        certificate,
        probed: nodes.some(({ verify }) => verify === "pull"),
      });
      return host.endpoint;
    }
    case "existing": {
      const { registryUsername: username, registryPassword: password } = secrets;
      const existing = new ExistingRegistry("registry", { variant, containerRegistry, username, password });
      return existing.endpoint;
    }
    case "cluster": {
      const { ClusterRegistry } = await import("./cluster-registry.ts");
      const { s3AccessKey: accessKey, s3SecretKey: secretKey } = secrets;
      const inCluster = new ClusterRegistry("registry", {
        variant,
        containerRegistry,
        accounts,
        cluster: needed(cluster),
        owner,
        takeOverFrom,
        passwords,
        rotations,
        certificate,
        s3: accessKey && secretKey && { accessKey, secretKey },
      });
      return inCluster.endpoint;
    }
    case "hybrid": {
      const { HybridRegistry } = await import("./hybrid-registry.ts");
      const hybrid = new HybridRegistry("registry", {
        variant,
        containerRegistry,
        accounts,
        passwords,
        rotations,
        cluster: needed(cluster),
        owner,
        takeOverFrom,
      });
      return hybrid.endpoint;
    }
  }
}

function needed(cluster: KubernetesCluster | undefined): KubernetesCluster {
  if (cluster === undefined) throw new Error("index.ts made no cluster for a variant that needs one");
  return cluster;
}

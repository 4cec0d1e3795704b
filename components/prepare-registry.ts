import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../settings/owner.ts";
import type { Secrets } from "../settings/secrets/secrets.ts";
import type { Settings } from "../settings/settings.ts";
import { backupSecrets } from "./backup-secrets.ts";
import { ExistingRegistry } from "./existing-registry.ts";
import type { LazyCluster } from "./lazy-cluster.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";
import { RegistryHost } from "./registry-host.ts";

/** Creates the registry of the stack's variant and returns where it is. */
export type CreateRegistry = (args: CreateRegistryArgs) => RegistryEndpoint;

type CreateRegistryArgs = {
  /** The name of the component's resource. */
  name: string;
  secrets: Secrets;
  owner: pulumi.Input<Owner>;
  /** @default none: the component is the stack's own */
  options?: pulumi.ComponentResourceOptions;
};

/**
 * Loads the code of the stack's variant, and gets the cluster if the variant needs one. Variants without a cluster do
 * not load the classes of Kubernetes objects: loading them would add 0.15 s to every preview.
 */
export async function prepareRegistry(settings: Settings, cluster: Pick<LazyCluster, "get">): Promise<CreateRegistry> {
  const { variant, containerRegistry, accounts, immutableTags, nodes, rotations, takeOverFrom, backup } = settings;
  const { garbageCollection } = settings;
  const { rotateEvery } = settings;
  const monitoring = settings.monitoring && { ...settings.monitoring, rotations, rotateEvery };
  const notify = settings.notify && { notify: settings.notify, rotations, rotateEvery };
  const common = { containerRegistry, accounts, immutableTags, rotations };
  switch (variant.kind) {
    case "host": {
      const probed = nodes.some(({ verify }) => verify === "pull");
      return ({ name, secrets, owner, options }) => {
        const { passwords, htpasswd, sshPrivateKey } = secrets;
        const given = {
          passwords,
          htpasswd,
          sshPrivateKey,
          certificate: certificate(secrets),
          backupSecrets: backupSecrets(secrets),
        };
        const dayTwo = { backup, garbageCollection, monitoring, notify, notifyUrl: secrets.notifyUrl };
        return new RegistryHost(name, { ...common, ...given, variant, ...dayTwo, owner, probed }, options).endpoint;
      };
    }
    case "existing":
      return ({ name, secrets: { registryUsername: username, registryPassword: password }, options }) =>
        new ExistingRegistry(name, { variant, containerRegistry, username, password }, options).endpoint;
    case "cluster": {
      const { ClusterRegistry } = await import("./cluster-registry.ts");
      const where = { variant, garbageCollection, monitoring, backup, cluster: cluster.get(), takeOverFrom };
      return ({ name, secrets, owner, options }) => {
        const { passwords, htpasswd, s3AccessKey: accessKey, s3SecretKey: secretKey } = secrets;
        const s3 = accessKey && secretKey && { accessKey, secretKey };
        const given = {
          passwords,
          htpasswd,
          certificate: certificate(secrets),
          s3,
          backupSecrets: backupSecrets(secrets),
        };
        return new ClusterRegistry(name, { ...common, ...where, ...given, owner }, options).endpoint;
      };
    }
    case "hybrid": {
      const { HybridRegistry } = await import("./hybrid-registry.ts");
      const where = { variant, cluster: cluster.get(), takeOverFrom };
      return ({ name, secrets: { passwords, htpasswd }, owner, options }) =>
        new HybridRegistry(name, { ...common, ...where, passwords, htpasswd, owner }, options).endpoint;
    }
  }
}

function certificate({ tlsCertificate: chain, tlsKey: key }: Secrets) {
  return chain && key && { chain, key };
}

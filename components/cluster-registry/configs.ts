import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { inProxy } from "../../hosts/cluster/accounts-in-pods.ts";
import { collectorConfig } from "../../render/cluster-registry/collection.ts";
import { contentName } from "../../render/cluster-registry/content-name.ts";
import { htpasswd } from "../../render/cluster-registry/htpasswd.ts";
import { labels, names, ports, registryMetricsAddress, storageRoot } from "../../render/cluster-registry/names.ts";
import { type ClusterRegistrySettings, proxyConfig, rightsConfig } from "../../render/cluster-registry/proxy.ts";
import { distributionConfig, type Storage } from "../../render/distribution.ts";
import type { MonitoringSettings } from "../../render/metrics/stack-metrics.ts";
import { accountsFile } from "../../render/proxy/accounts-file.ts";
import type { GarbageCollection } from "../../settings/garbage-collection.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { derivedSecret } from "../derived-secret.ts";
import type { KubernetesCluster } from "../kubernetes-cluster.ts";
import type { AccountCredentials } from "../registry-accounts.ts";
import { promptUpdate } from "./prompt-update.ts";
import type { Target } from "./target.ts";

export type S3Keys = { accessKey: pulumi.Input<string>; secretKey: pulumi.Input<string> };

/** The Caddyfile, visible in the preview. The ConfigMap is named by its content, so pods roll when it changes. */
export function proxyConfigMap(settings: pulumi.Output<ClusterRegistrySettings>, target: Target): ConfigMap {
  const { name, namespace, options } = target;
  const config = settings.apply(proxyConfig);
  return new ConfigMap(
    `${name}-proxy-config`,
    { metadata: { name: config.name, namespace, labels }, data: config.data, immutable: true },
    { ...options, aliases: [{ name: `${name}-gate-config` }] }, // written by version 0.1
  );
}

/**
 * The accounts' rights, visible in the preview. The ConfigMap is changed in place, and the running proxy reloads it.
 */
export function rightsConfigMap(
  settings: pulumi.Output<ClusterRegistrySettings>,
  target: Target,
  cluster: KubernetesCluster,
): ConfigMap {
  const { name, namespace, options } = target;
  const data = settings.apply(rightsConfig);
  const files = data.apply(inProxy);
  return new ConfigMap(
    `${name}-rights`,
    { metadata: { name: names.rights, namespace, labels }, data },
    { ...options, ...promptUpdate(`${name}-rights`, files, cluster) },
  );
}

/** The program that collects garbage. */
export function collectorConfigMap(garbageCollection: GarbageCollection, target: Target): ConfigMap {
  const { name, namespace, options } = target;
  const config = collectorConfig(garbageCollection);
  return new ConfigMap(
    `${name}-collector`,
    { metadata: { name: config.name, namespace, labels }, data: config.data, immutable: true },
    options,
  );
}

/** The accounts' password hashes and tokens. The Secret is changed in place, and the running proxy reloads it. */
export function accountsSecret(
  credentials: pulumi.Output<AccountCredentials[]>,
  target: Target,
  cluster: KubernetesCluster,
): Secret {
  const { name, namespace, options } = target;
  const accounts = credentials.apply((all) => ({ "accounts.caddy": accountsFile(all) }));
  const stringData = pulumi
    .all([credentials, accounts])
    .apply(([all, accounts]) => ({ htpasswd: htpasswd(all), ...accounts }));
  return new Secret(
    `${name}-accounts-secret`,
    { metadata: { name: names.accounts, namespace, labels }, stringData },
    { ...options, ...promptUpdate(`${name}-accounts-secret`, accounts.apply(inProxy), cluster) },
  );
}

/**
 * distribution's config.yml. All replicas derive the same upload secret from `key`, so each can go on with an upload.
 */
export function registryConfigSecret(
  { variant, s3, monitoring }: { variant: ClusterVariant; s3?: S3Keys; monitoring?: MonitoringSettings | undefined },
  key: pulumi.Input<string>,
  { name, namespace, options }: Target,
): Secret {
  const stringData = pulumi.all([key, storageConfig(variant, s3)]).apply(([key, storage]) => ({
    "config.yml": distributionConfig({
      address: `127.0.0.1:${ports.registry}`,
      storage,
      httpSecret: derivedSecret(key, "uploads"),
      metrics: monitoring && registryMetricsAddress,
    }),
  }));
  // The name contains a hash of the secret text and may be shown, since nobody can guess the long random secret in the
  // text.
  const secretName = pulumi.unsecret(stringData.apply((data) => contentName("registry-config", data)));
  return new Secret(
    `${name}-config`,
    { metadata: { name: secretName, namespace, labels }, stringData, immutable: true },
    options,
  );
}

function storageConfig({ storage }: ClusterVariant, keys: S3Keys | undefined): pulumi.Output<Storage> {
  if (storage.kind === "volume") return pulumi.output({ kind: "filesystem", root: storageRoot });
  if (keys === undefined)
    throw new Error("settings/secret-rules.ts accepted storage: s3 without the secrets s3AccessKey and s3SecretKey");
  return pulumi
    .all([keys.accessKey, keys.secretKey])
    .apply(([accessKey, secretKey]): Storage => ({ ...storage, accessKey, secretKey }));
}

import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { contentName } from "../../render/cluster-registry/content-name.ts";
import { htpasswd } from "../../render/cluster-registry/htpasswd.ts";
import { labels, names, ports, storageRoot } from "../../render/cluster-registry/names.ts";
import { type ClusterRegistrySettings, proxyConfig, rightsConfig } from "../../render/cluster-registry/proxy.ts";
import { distributionConfig, type Storage } from "../../render/distribution.ts";
import { accountsFile } from "../../render/proxy/accounts-file.ts";
import type { ClusterVariant } from "../../settings/variant-cluster.ts";
import { derivedSecret } from "../derived-secret.ts";
import type { AccountCredentials } from "../registry-accounts.ts";
import type { Place } from "./target.ts";

export type S3Keys = { accessKey: pulumi.Input<string>; secretKey: pulumi.Input<string> };

/** The Caddyfile, in sight, in a ConfigMap whose name says when it is another. */
export function proxyConfigMap(settings: pulumi.Output<ClusterRegistrySettings>, place: Place): ConfigMap {
  const { name, namespace, options } = place;
  const config = settings.apply(proxyConfig);
  return new ConfigMap(
    `${name}-proxy-config`,
    { metadata: { name: config.name, namespace, labels }, data: config.data, immutable: true },
    { ...options, aliases: [{ name: `${name}-gate-config` }] }, // written by version 0.1
  );
}

/** Who may do what, in sight: changed in place, and taken up by the proxy as it runs. */
export function rightsConfigMap(settings: pulumi.Output<ClusterRegistrySettings>, place: Place): ConfigMap {
  const { name, namespace, options } = place;
  return new ConfigMap(
    `${name}-rights`,
    { metadata: { name: names.rights, namespace, labels }, data: settings.apply(rightsConfig) },
    options,
  );
}

/** Hashes and tokens, for people and for the proxy: changed in place like the rights. */
export function accountsSecret(credentials: pulumi.Output<AccountCredentials[]>, place: Place): Secret {
  const { name, namespace, options } = place;
  const stringData = credentials.apply((all) => ({ htpasswd: htpasswd(all), "accounts.caddy": accountsFile(all) }));
  return new Secret(
    `${name}-accounts-secret`,
    { metadata: { name: names.accounts, namespace, labels }, stringData },
    options,
  );
}

/** distribution's config.yml. `key` is what secrets are derived from: replicas go on with each other's uploads. */
export function registryConfigSecret(
  variant: ClusterVariant,
  key: pulumi.Input<string>,
  s3: S3Keys | undefined,
  { name, namespace, options }: Place,
): Secret {
  const stringData = pulumi.all([key, storageOf(variant, s3)]).apply(([key, storage]) => ({
    "config.yml": distributionConfig({
      address: `127.0.0.1:${ports.registry}`,
      storage,
      httpSecret: derivedSecret(key, "uploads"),
    }),
  }));
  // The text has a long random secret in it, which its hash does not tell.
  const secretName = pulumi.unsecret(stringData.apply((data) => contentName("registry-config", data)));
  return new Secret(
    `${name}-config`,
    { metadata: { name: secretName, namespace, labels }, stringData, immutable: true },
    options,
  );
}

function storageOf({ storage }: ClusterVariant, keys: S3Keys | undefined): pulumi.Output<Storage> {
  if (storage.kind === "volume") return pulumi.output({ kind: "filesystem", root: storageRoot });
  if (keys === undefined) throw new Error("settings/secret-rules.ts let an S3 storage without its keys");
  return pulumi
    .all([keys.accessKey, keys.secretKey])
    .apply(([accessKey, secretKey]): Storage => ({ ...storage, accessKey, secretKey }));
}

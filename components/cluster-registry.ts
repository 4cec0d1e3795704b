import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { certManager } from "../render/cluster-registry/cert-manager.ts";
import { backupLabels, collectorLabels, labels, names, podLabels, ports } from "../render/cluster-registry/names.ts";
import type { ClusterRegistrySettings } from "../render/cluster-registry/proxy.ts";
import { serviceSpec } from "../render/cluster-registry/services.ts";
import { besidesJobs } from "../render/cluster-registry/volume-job.ts";
import type { MonitoringSettings } from "../render/metrics/stack-metrics.ts";
import type { Account } from "../settings/accounts.ts";
import type { Backup } from "../settings/backup.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import type { GarbageCollection } from "../settings/garbage-collection.ts";
import type { Monitoring } from "../settings/monitoring.ts";
import type { Owner } from "../settings/owner.ts";
import type { Rotations } from "../settings/rotation.ts";
import type { ClusterVariant } from "../settings/variants/cluster.ts";
import { accountCredentials } from "./account-credentials.ts";
import type { BackupSecrets } from "./backup-secrets.ts";
import { createBackups } from "./cluster-registry/backup.ts";
import { createCertificate } from "./cluster-registry/certificate.ts";
import { createCollector } from "./cluster-registry/collection.ts";
import {
  accountsSecret,
  proxyConfigMap,
  registryConfigSecret,
  rightsConfigMap,
  type S3Keys,
} from "./cluster-registry/configs.ts";
import { createIngress } from "./cluster-registry/ingress.ts";
import { createLoadBalancer, hostWithAddress } from "./cluster-registry/load-balancer.ts";
import { createPods } from "./cluster-registry/pods.ts";
import { createServiceMonitor } from "./cluster-registry/service-monitor.ts";
import { createVolumeClaim } from "./cluster-registry/storage.ts";
import type { Target } from "./cluster-registry/target.ts";
import { JoxitUi } from "./joxit-ui.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import { ownedNamespace } from "./owned-namespace.ts";
import { policyInputs } from "./policy-inputs.ts";
import { type GivenPasswords, type HtpasswdHashes, RegistryAccounts } from "./registry-accounts.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";
import { requiredCrd } from "./required-crd.ts";
import type { Certificate } from "./tls-certificate.ts";
import { UiFiles } from "./ui-files.ts";

export interface ClusterRegistryArgs {
  variant: ClusterVariant;
  containerRegistry: ContainerRegistry;
  accounts: Account[];
  /** `REPOSITORY:TAG` globs of tags that are neither overwritten nor deleted. @default none */
  immutableTags?: readonly string[];
  /** When garbage is collected in the volume. @default never */
  garbageCollection?: GarbageCollection;
  /** When and where the volume is backed up. @default no backups */
  backup?: Backup;
  /** What backups are encrypted and stored with. Needed by `backup`. */
  backupSecrets?: BackupSecrets;
  /** Who reads metrics. @default no metrics */
  monitoring?: MonitoringSettings | undefined;
  cluster: KubernetesCluster;
  /** The stack that owns the registry in its namespace. */
  owner: pulumi.Input<Owner>;
  /** The owner's `takeOverFrom`. The first preview knows this list already, but not the owner's id. */
  takeOverFrom: readonly string[];
  /** Passwords from the stack file, by account. @default generated */
  passwords?: GivenPasswords;
  /** Hashes of an htpasswd file, by account, whose passwords work beside the accounts' own. @default none */
  htpasswd?: HtpasswdHashes;
  /** The rotation state of each account. @default the first password */
  rotations?: Rotations;
  /** PEM, leaf first, and its key. Needed by `tls: { kind: provided }`. */
  certificate?: Certificate;
  /** Needed by `storage: { kind: s3 }`. */
  s3?: S3Keys;
}

/**
 * The registry in a cluster: distribution and the proxy in a pod, its storage, and its Service, Ingress or load
 * balancer.
 */
export class ClusterRegistry extends pulumi.ComponentResource {
  /** Where the registry is, what to trust, and the accounts. */
  readonly endpoint: RegistryEndpoint;

  constructor(name: string, args: ClusterRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:cluster:ClusterRegistry", name, policyInputs(args), opts);
    const { variant, containerRegistry, accounts, immutableTags, garbageCollection, monitoring, backup, cluster } =
      args;
    const options = { parent: this, provider: cluster.provider };
    const target = { name, namespace: this.createNamespace(name, args, options), options };

    const secret = new random.RandomPassword(`${name}-secret`, { length: 43, special: false }, { parent: this }).result;
    const credentials = this.createAccounts(name, args, secret);
    const balancer = createLoadBalancer(variant, containerRegistry.host, target);
    const host = hostWithAddress(containerRegistry.host, variant, balancer, target);
    const { ca, created: tlsSecrets } = createCertificate(variant, host, args.certificate, target);

    const settings = host.apply(
      (host): ClusterRegistrySettings => ({
        variant,
        containerRegistry: { ...containerRegistry, host },
        accounts,
        immutableTags,
        garbageCollection,
        monitoring,
      }),
    );
    const volume = createVolumeClaim(variant, target);
    const deployment = createPods(
      variant,
      {
        proxyConfig: proxyConfigMap(settings, target).metadata.name,
        ui: this.createUi(name, args, host, target.namespace),
        registryConfig: registryConfigSecret(args, secret, target).metadata.name,
        affinity: besidesJobs([...(garbageCollection ? [collectorLabels] : []), ...(backup ? [backupLabels] : [])]),
        mounted: [
          rightsConfigMap(settings, target, cluster),
          accountsSecret(credentials, target, cluster),
          ...(volume ? [volume] : []),
          ...(balancer ? tlsSecrets : []),
        ],
      },
      target,
      cluster,
    );
    if (garbageCollection)
      createCollector(variant, garbageCollection, { ...target, options: { ...options, dependsOn: deployment } });
    if (backup && args.backupSecrets)
      createBackups(variant, { backup, secrets: args.backupSecrets }, target, deployment);
    const service = this.createService(target, monitoring);
    const entryPoint = balancer ?? createIngress(host, variant, target, [...tlsSecrets, service]);

    this.endpoint = {
      ...address(host, variant, service),
      ca,
      accounts: credentials.apply((all) => Object.fromEntries(all.map(({ name, password }) => [name, password]))),
      served: [deployment, service, entryPoint],
    };
    if (monitoring) createServiceMonitor(monitoring, accountCredentials(this.endpoint, monitoring.account), target);
    const { served: _, ...outputs } = this.endpoint;
    this.registerOutputs(outputs);
  }

  /**
   * Creates the registry's namespace after checking that the cluster has the CRDs that the registry needs. All other
   * objects are in this namespace, so nothing is created without these CRDs.
   */
  private createNamespace(
    name: string,
    { variant, cluster, owner, takeOverFrom }: ClusterRegistryArgs,
    options: pulumi.CustomResourceOptions,
  ) {
    const { namespace, tls, deleteData } = variant;
    const needed = tls.kind === "cert-manager" ? [requiredCrd(certManager.crd, certManager, options)] : [];
    // Only a warning, not enforced: the namespace may have pods that this stack does not own and that need more rights.
    const labels = { "pod-security.kubernetes.io/warn": "restricted" };
    const args = { cluster, namespace, owner, takeOverFrom, labels, deleteData };
    return ownedNamespace(name, args, { parent: this, dependsOn: needed });
  }

  private createAccounts(
    name: string,
    { accounts, passwords, htpasswd, rotations }: ClusterRegistryArgs,
    tokenKey: pulumi.Input<string>,
  ) {
    const names = accounts.map((account) => account.name);
    return new RegistryAccounts(
      `${name}-accounts`,
      { names, tokenKey, passwords, htpasswd, rotations },
      { parent: this },
    ).credentials;
  }

  /** Returns the ConfigMap with this project's own ui, which the proxy serves. joxit's ui runs in pods of its own. */
  private createUi(
    name: string,
    { variant: { ui }, cluster }: ClusterRegistryArgs,
    host: pulumi.Output<string>,
    namespace: pulumi.Output<string>,
  ): pulumi.Output<string> | undefined {
    if (ui.kind === "joxit")
      new JoxitUi(`${name}-ui`, { cluster, namespace, image: ui.image.reference, host }, { parent: this });
    if (ui.kind !== "builtin") return undefined;
    return new UiFiles(`${name}-ui`, { cluster, namespace }, { parent: this }).configMap;
  }

  private createService({ name, namespace, options }: Target, monitoring: Monitoring | undefined): Service {
    // A ServiceMonitor finds the Service by a label, which no other Service has.
    const found = monitoring ? { ...labels, ...podLabels } : labels;
    return new Service(
      `${name}-service`,
      { metadata: { name: names.service, namespace, labels: found }, spec: serviceSpec() },
      options,
    );
  }
}

/** Nodes try the registry's name first, which may have TLS, and then the Service's address, which needs no DNS. */
function address(host: pulumi.Output<string>, { tls }: ClusterVariant, { spec }: Service) {
  const url = pulumi.interpolate`${tls.kind === "none" ? "http" : "https"}://${host}`;
  const nodeUrls = pulumi.all([url, spec.clusterIP]).apply(([url, ip]) => [url, ...clusterUrls(ip)]);
  return { host, url, aliases: [], nodeUrls };
}

/**
 * URL of the Service inside the cluster. Empty in a preview before the Service is created, since it has no address yet.
 */
function clusterUrls(clusterIp: string | undefined): string[] {
  if (clusterIp === undefined || clusterIp === "") return [];
  return [`http://${clusterIp.includes(":") ? `[${clusterIp}]` : clusterIp}:${ports.plain}`];
}

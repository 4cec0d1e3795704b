import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { certManager } from "../render/cluster-registry/cert-manager.ts";
import { labels, names, ports } from "../render/cluster-registry/names.ts";
import type { ClusterRegistrySettings } from "../render/cluster-registry/proxy.ts";
import { serviceSpec } from "../render/cluster-registry/services.ts";
import type { Account } from "../settings/accounts.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import type { Owner } from "../settings/owner.ts";
import type { Rotations } from "../settings/rotation.ts";
import type { ClusterVariant } from "../settings/variant-cluster.ts";
import { certificate } from "./cluster-registry/certificate.ts";
import {
  accountsSecret,
  proxyConfigMap,
  registryConfigSecret,
  rightsConfigMap,
  type S3Keys,
} from "./cluster-registry/configs.ts";
import { ingress } from "./cluster-registry/ingress.ts";
import { namedHost, ownLoadBalancer } from "./cluster-registry/load-balancer.ts";
import { pods } from "./cluster-registry/pods.ts";
import { claim } from "./cluster-registry/storage.ts";
import type { Place } from "./cluster-registry/target.ts";
import { JoxitUi } from "./joxit-ui.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import { ownedNamespace } from "./owned-namespace.ts";
import { type GivenPasswords, RegistryAccounts } from "./registry-accounts.ts";
import type { RegistryEndpoint } from "./registry-endpoint.ts";
import type { Certificate } from "./registry-host.ts";
import { requiredCrd } from "./required-crd.ts";
import { UiFiles } from "./ui-files.ts";

export interface ClusterRegistryArgs {
  variant: ClusterVariant;
  containerRegistry: ContainerRegistry;
  accounts: Account[];
  cluster: KubernetesCluster;
  /** Whose the registry is in its namespace. */
  owner: pulumi.Input<Owner>;
  /** The owner's own, known in the first preview. */
  takeOverFrom: readonly string[];
  /** Passwords that the stack gives, by account. @default generated */
  passwords?: GivenPasswords;
  /** Which password each account has. @default the first */
  rotations?: Rotations;
  /** PEM, leaf first, and its key. Needed by `tls: { kind: provided }`. */
  certificate?: Certificate;
  /** Needed by `storage: { kind: s3 }`. */
  s3?: S3Keys;
}

/** The registry in a cluster: distribution and the proxy in a pod, its storage, and the ways to it. */
export class ClusterRegistry extends pulumi.ComponentResource {
  /** What to trust, and who may push. */
  readonly endpoint: RegistryEndpoint;

  constructor(name: string, args: ClusterRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:cluster:ClusterRegistry", name, {}, opts);
    const { variant, containerRegistry, accounts, cluster } = args;
    const options = { parent: this, provider: cluster.provider };
    const place = { name, namespace: this.namespace(name, args, options), options };

    const secret = new random.RandomPassword(`${name}-secret`, { length: 43, special: false }, { parent: this }).result;
    const credentials = this.credentials(name, args, secret);
    const balancer = ownLoadBalancer(variant, containerRegistry.host, place);
    const host = namedHost(containerRegistry.host, variant, balancer, place);
    const { ca, made: shown } = certificate(variant, host, args.certificate, place);

    const settings = host.apply(
      (host): ClusterRegistrySettings => ({ variant, containerRegistry: { ...containerRegistry, host }, accounts }),
    );
    const volume = claim(variant, place);
    const deployment = pods(
      variant,
      {
        proxyConfig: proxyConfigMap(settings, place).metadata.name,
        page: this.page(name, args, host, place.namespace),
        registryConfig: registryConfigSecret(variant, secret, args.s3, place).metadata.name,
        mounted: [
          rightsConfigMap(settings, place),
          accountsSecret(credentials, place),
          ...(volume ? [volume] : []),
          ...(balancer ? shown : []),
        ],
      },
      place,
      cluster,
    );
    const service = this.service(place);
    const way = balancer ?? ingress(host, variant, place, [...shown, service]);

    this.endpoint = {
      ...address(host, variant, service),
      ca,
      accounts: credentials.apply((all) => Object.fromEntries(all.map(({ name, password }) => [name, password]))),
      served: [deployment, service, way],
    };
    const { served: _, ...outputs } = this.endpoint;
    this.registerOutputs(outputs);
  }

  /** All else is in it, and so waits for what must be in the cluster already. */
  private namespace(
    name: string,
    { variant, cluster, owner, takeOverFrom }: ClusterRegistryArgs,
    options: pulumi.CustomResourceOptions,
  ) {
    const { namespace, tls, deleteData } = variant;
    const needed = tls.kind === "cert-manager" ? [requiredCrd(certManager.crd, certManager, options)] : [];
    // Not enforced: there may be pods of others in it.
    const labels = { "pod-security.kubernetes.io/warn": "restricted" };
    const args = { cluster, namespace, owner, takeOverFrom, labels, deleteData };
    return ownedNamespace(name, args, { parent: this, dependsOn: needed });
  }

  private credentials(
    name: string,
    { accounts, passwords, rotations }: ClusterRegistryArgs,
    tokenKey: pulumi.Input<string>,
  ) {
    const names = accounts.map((account) => account.name);
    return new RegistryAccounts(`${name}-accounts`, { names, tokenKey, passwords, rotations }, { parent: this })
      .credentials;
  }

  /** The ConfigMap with this project's own page, where the proxy serves it. joxit's runs beside the registry. */
  private page(
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

  private service({ name, namespace, options }: Place): Service {
    return new Service(
      `${name}-service`,
      { metadata: { name: names.service, namespace, labels }, spec: serviceSpec() },
      options,
    );
  }
}

/** By its name first, which may have TLS; by the Service's address where nodes do not find the name. */
function address(host: pulumi.Output<string>, { tls }: ClusterVariant, { spec }: Service) {
  const url = pulumi.interpolate`${tls.kind === "none" ? "http" : "https"}://${host}`;
  const nodeUrls = pulumi.all([url, spec.clusterIP]).apply(([url, ip]) => [url, ...inside(ip)]);
  return { host, url, aliases: [], nodeUrls };
}

/** In a preview the Service that is about to be has no address, which is not the same as one that is not known. */
function inside(clusterIp: string | undefined): string[] {
  if (clusterIp === undefined || clusterIp === "") return [];
  return [`http://${clusterIp.includes(":") ? `[${clusterIp}]` : clusterIp}:${ports.plain}`];
}

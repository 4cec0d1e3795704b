import { backupCronJobs } from "../../../render/cluster-registry/backup.ts";
import { cronJobSpec } from "../../../render/cluster-registry/collection.ts";
import { ingressAnnotations, ingressSpec } from "../../../render/cluster-registry/ingress.ts";
import { backupLabels, collectorLabels, labels, names, podLabels } from "../../../render/cluster-registry/names.ts";
import { networkPolicySpec } from "../../../render/cluster-registry/network-policy.ts";
import { podSpec } from "../../../render/cluster-registry/pod.ts";
import { type ClusterRegistrySettings, proxyConfig, rightsConfig } from "../../../render/cluster-registry/proxy.ts";
import { rollout } from "../../../render/cluster-registry/rollout.ts";
import { loadBalancerSpec, serviceSpec } from "../../../render/cluster-registry/services.ts";
import { besidesJobs } from "../../../render/cluster-registry/volume-job.ts";
import { Account } from "../../../settings/accounts.ts";
import { Backup } from "../../../settings/backup.ts";
import { ContainerRegistry } from "../../../settings/container-registry.ts";
import { ClusterVariant } from "../../../settings/variants/cluster.ts";

/** A variant of the private CA, changed. */
export function clusterVariant(changes: object): ClusterVariant {
  return ClusterVariant.parse({ kind: "cluster", tls: { kind: "private-ca" }, ...changes });
}

/** Behind an Ingress of nginx, on a volume. */
const behindIngress = clusterVariant({ ingressClassName: "nginx" });

/** Two on object storage behind a load balancer of their own, with the page. */
const behindLoadBalancer = clusterVariant({
  exposure: { kind: "load-balancer" },
  storage: { kind: "s3", bucket: "images" },
  replicas: 2,
  ui: { kind: "builtin" },
});

const garbageCollection = { schedule: "Sun 03:05", graceDays: 7 };

const backup = Backup.parse({
  to: { kind: "s3", endpoint: "https://s3.example.org", bucket: "registry-backup" },
  schedule: "hourly",
});
const { backup: backupSpec, verification } = backupCronJobs(behindIngress, backup, "registry-backup-0");

/** What is not secret, by the snapshot's path. The parser tests give the same objects to the API server. */
export const clusterObjects: Record<string, object[]> = {
  "cluster-backed-up/objects.yaml": [
    ...inside(behindIngress, { affinity: besidesJobs([collectorLabels, backupLabels]) }).slice(0, 1),
    object("batch/v1", "CronJob", names.backup, { spec: backupSpec }),
    object("batch/v1", "CronJob", names.backupVerification, { spec: verification }),
  ],
  "cluster-collected/objects.yaml": [
    ...inside(behindIngress, { affinity: besidesJobs([collectorLabels]) }).slice(0, 1),
    object("batch/v1", "CronJob", names.collector, {
      spec: cronJobSpec(behindIngress, garbageCollection, "registry-collect-0"),
    }),
  ],
  "cluster-ingress/objects.yaml": [
    ...inside(behindIngress),
    object("networking.k8s.io/v1", "Ingress", names.ingress, {
      metadata: { annotations: ingressAnnotations("k8s.io/ingress-nginx", {}) },
      spec: ingressSpec("registry.example.org", behindIngress),
    }),
  ],
  "cluster-load-balancer/objects.yaml": [
    ...inside(behindLoadBalancer),
    object("v1", "Service", names.loadBalancer, { spec: loadBalancerSpec("registry.example.org", behindLoadBalancer) }),
  ],
};

/** What the proxy is rendered from. */
export const proxySettings: ClusterRegistrySettings = {
  variant: behindIngress,
  containerRegistry: ContainerRegistry.parse({ host: "registry.example.org" }),
  accounts: [Account.parse({ name: "jenkins", push: ["**"], expires: "2027-03-31" })],
};

/** The Caddyfiles and what they import. */
export const clusterProxies: Record<string, string> = Object.fromEntries(
  [behindIngress, behindLoadBalancer].flatMap((variant, index) => {
    const settings = { ...proxySettings, variant };
    const files = { ...proxyConfig(settings).data, ...rightsConfig(settings) };
    const folder = ["cluster-ingress", "cluster-load-balancer"][index];
    return Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]);
  }),
);

function inside(variant: ClusterVariant, more: { affinity?: object } = {}): object[] {
  const configs = {
    proxyConfig: "registry-proxy-0",
    registryConfig: "registry-config-0",
    ui: "registry-ui-0",
    ...more,
  };
  const template = { metadata: { labels: { ...labels, ...podLabels } }, spec: podSpec(variant, configs) };
  return [
    object("apps/v1", "Deployment", names.deployment, {
      spec: {
        replicas: variant.replicas,
        strategy: rollout(variant),
        selector: { matchLabels: podLabels },
        template,
      },
    }),
    object("v1", "Service", names.service, { spec: serviceSpec() }),
    object("networking.k8s.io/v1", "NetworkPolicy", names.networkPolicy, { spec: networkPolicySpec(variant) }),
  ];
}

function object(apiVersion: string, kind: string, name: string, rest: { metadata?: object; spec: object }): object {
  return { apiVersion, kind, metadata: { name, ...rest.metadata }, spec: rest.spec };
}

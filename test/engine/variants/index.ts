import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const provider = new k8s.Provider("cluster", {
  kubeconfig: new pulumi.Config("kubernetes").require("kubeconfig"),
  upsertExistingObjects: true,
  enablePatchForce: true,
  enableSecretMutable: config.getBoolean("mutableSecrets") ?? false,
});
const opts = { provider };
const retained = { provider, retainOnDelete: true };

const namespace = new k8s.core.v1.Namespace("namespace", { metadata: { name: "variants" } }, retained).metadata.name;
const inNamespace = (name: string, annotations?: Record<string, string>) => ({
  metadata: { name, namespace, annotations },
});
const labels = { app: "registry" };

const claim = new k8s.core.v1.PersistentVolumeClaim(
  "claim",
  {
    ...inNamespace("claim", { "pulumi.com/skipAwait": "true" }),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  },
  retained,
);
const secret = new k8s.core.v1.Secret(
  "secret",
  { ...inNamespace("secret"), stringData: { password: config.get("password") ?? "first" } },
  opts,
);
const deployment = new k8s.apps.v1.Deployment(
  "registry",
  {
    ...inNamespace("registry"),
    spec: {
      replicas: 0,
      strategy: { type: config.get("strategy") ?? "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            { name: "registry", image: "registry:1", readinessProbe: { httpGet: { path: "/", port: 5000 } } },
          ],
          volumes: [{ name: "config", configMap: { name: "config", optional: true } }],
        },
      },
    },
  },
  opts,
);
const service = new k8s.core.v1.Service(
  "service",
  { ...inNamespace("service"), spec: { type: "LoadBalancer", ports: [{ port: 5000 }] } },
  opts,
);
const external = new k8s.core.v1.Service(
  "external",
  { ...inNamespace("external"), spec: { ports: [{ port: 5000 }] } },
  opts,
);
new k8s.discovery.v1.EndpointSlice(
  "slice",
  {
    metadata: { name: "external-1", namespace, labels: { "kubernetes.io/service-name": external.metadata.name } },
    addressType: "IPv4",
    endpoints: [{ addresses: [config.get("address") ?? "192.0.2.1"] }],
    ports: [{ port: 5000 }],
  },
  opts,
);
const ingressClass = new k8s.networking.v1.IngressClass(
  "class",
  { metadata: { name: "variants" }, spec: { controller: "example.org/ingress" } },
  opts,
);
const ingress = new k8s.networking.v1.Ingress(
  "ingress",
  {
    ...inNamespace("ingress"),
    spec: {
      ingressClassName: k8s.networking.v1.IngressClass.get("class-read", ingressClass.id, opts).metadata.name,
      tls: [{ hosts: ["registry.example.org"], secretName: secret.metadata.name }],
      rules: [
        {
          host: "registry.example.org",
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: "external", port: { number: 5000 } } } },
            ],
          },
        },
      ],
    },
  },
  opts,
);
new k8s.networking.v1.NetworkPolicy(
  "policy",
  {
    ...inNamespace("policy"),
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: "192.0.2.0/24" } }], ports: [{ port: 5000, protocol: "TCP" }] }],
    },
  },
  opts,
);
new k8s.policy.v1.PodDisruptionBudget(
  "budget",
  {
    ...inNamespace("budget"),
    spec: { minAvailable: config.getNumber("available") ?? 1, selector: { matchLabels: labels } },
  },
  opts,
);
new k8s.batch.v1.Job(
  "job",
  {
    ...inNamespace("job"),
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "job", image: "job:1" }] } } },
  },
  opts,
);
const certificate = new k8s.apiextensions.CustomResource(
  "certificate",
  {
    apiVersion: "example.org/v1",
    kind: "Certificate",
    ...inNamespace("certificate", { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "60" }),
    spec: { secretName: "issued" },
  },
  opts,
);
const issued = k8s.core.v1.Secret.get("issued", pulumi.interpolate`${namespace}/issued`, {
  provider,
  dependsOn: certificate,
});

if (config.getBoolean("missing"))
  k8s.apiextensions.v1.CustomResourceDefinition.get("missing", "missing.example.org", opts);

export const secretUid = secret.metadata.uid;
export const claimUid = claim.metadata.uid;
export const deploymentUid = deployment.metadata.uid;
export const address = service.status.loadBalancer.ingress.apply(([first]) => first?.ip);
export const front = ingress.status.loadBalancer.ingress.apply(([first]) => first?.ip);
export const known = k8s.core.v1.Service.get("known", "default/kubernetes", opts).spec.clusterIP;
export const issuedCa = issued.data["ca.crt"];

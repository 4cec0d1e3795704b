import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const greeting = config.get("greeting") ?? "hello";

const system = k8s.core.v1.Namespace.get("system", "kube-system");

// Its objects then too: the other way round, ending the old ones would delete the new ones of the same name.
const replacedFirst: pulumi.CustomResourceOptions = { deleteBeforeReplace: true };
const provider = new k8s.Provider(
  "cluster",
  {
    kubeconfig: new pulumi.Config("kubernetes").require("kubeconfig"),
    clusterIdentifier: config.get("identifier") ?? system.metadata.uid,
  },
  replacedFirst,
);
const opts = { provider };

const namespace = new k8s.core.v1.Namespace("namespace", { metadata: { name: "tiny" } }, opts);
const inNamespace = (name: string, annotations?: Record<string, string>) => ({
  metadata: { name, namespace: namespace.metadata.name, annotations },
});

const auto = new k8s.core.v1.ConfigMap(
  "auto",
  { metadata: { namespace: namespace.metadata.name }, data: { greeting } },
  opts,
);
new k8s.core.v1.ConfigMap("fixed", { ...inNamespace("fixed"), data: { greeting } }, opts);
new k8s.core.v1.Secret("secret", { ...inNamespace("secret"), stringData: { password: "not to be seen" } }, opts);

// No pods behind it: it is ready at once.
const service = new k8s.core.v1.Service(
  "service",
  {
    ...inNamespace("service", config.getBoolean("force") ? { "pulumi.com/patchForce": "true" } : {}),
    spec: { ports: [{ name: "http", port: 80 }], sessionAffinity: config.get("affinity") ?? "None" },
  },
  opts,
);

const definition = new k8s.apiextensions.v1.CustomResourceDefinition(
  "definition",
  {
    metadata: { name: "widgets.example.org" },
    spec: {
      group: "example.org",
      names: { kind: "Widget", plural: "widgets", singular: "widget" },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } },
        },
      ],
    },
  },
  opts,
);
new k8s.apiextensions.CustomResource(
  "widget",
  { apiVersion: "example.org/v1", kind: "Widget", ...inNamespace("widget"), spec: { size: 2 } },
  { ...opts, dependsOn: definition },
);

const image = config.get("image");
const labels = { app: "app" };
if (image)
  new k8s.apps.v1.Deployment(
    "app",
    {
      ...inNamespace("app", { "pulumi.com/timeoutSeconds": config.require("readinessSeconds") }),
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: "app", image, resources: { limits: { cpu: "1000m", memory: "1024Mi" } } }] },
        },
      },
    },
    opts,
  );

if (config.getBoolean("taken"))
  new k8s.core.v1.ConfigMap("taken", { ...inNamespace("taken"), data: { greeting } }, opts);

export const systemUid = system.metadata.uid;
export const autoName = auto.metadata.name;
export const serviceUid = service.metadata.uid;

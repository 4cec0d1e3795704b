import { describe, expect, it } from "vitest";
import { JoxitUi } from "../../components/joxit-ui.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { recorded, resource } from "./recorded.ts";

const image = `docker.io/joxit/docker-registry-ui@sha256:${"a".repeat(64)}`;

async function created() {
  const { resources } = await recorded(() => {
    const cluster = new KubernetesCluster("cluster", { context: "kind-dev" });
    return new JoxitUi("registry-ui", { cluster, namespace: "dso", image, host: "registry.example.org" });
  });
  return {
    deployment: resource(resources, "kubernetes:apps/v1:Deployment", "registry-ui-pods").inputs,
    service: resource(resources, "kubernetes:core/v1:Service", "registry-ui-service").inputs,
  };
}

describe("JoxitUi", () => {
  it("serves the ui as Service registry-ui on port 80", async () => {
    const { deployment, service } = await created();
    expect(service).toMatchObject({
      metadata: { name: "registry-ui", namespace: "dso" },
      spec: { ports: [{ port: 80, targetPort: "http" }] },
    });
    expect(deployment).toMatchObject({
      spec: { template: { spec: { containers: [{ image, ports: [{ name: "http", containerPort: 8080 }] }] } } },
    });
  });

  it("selects its pods by their labels", async () => {
    const { deployment, service } = await created();
    const labels = { "app.kubernetes.io/name": "registry-ui" };
    expect(deployment).toMatchObject({
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
    });
    expect(service).toMatchObject({ spec: { selector: labels } });
  });

  it("calls the API of its own origin, and offers neither login nor deletion", async () => {
    const { deployment } = await created();
    const { env } = (deployment as { spec: Pod }).spec.template.spec.containers[0];
    const values = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({
      REGISTRY_URL: "/.",
      PULL_URL: "registry.example.org",
      SINGLE_REGISTRY: "true",
      DELETE_IMAGES: "false",
      ENABLE_VERSION_NOTIFICATION: "false",
    });
  });
});

type Pod = { template: { spec: { containers: [{ env: { name: string; value: string }[] }] } } };

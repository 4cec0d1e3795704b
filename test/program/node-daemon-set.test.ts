import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { NodeDaemonSet } from "../../components/nodes/node-daemon-set.ts";
import { addressed } from "../../components/registry-endpoint.ts";
import * as settings from "../../settings/node-daemon-set.ts";
import { testOwner } from "./owner.ts";
import { recorded, resource } from "./recorded.ts";

const image = { reference: `docker.io/curlimages/curl@sha256:${"0".repeat(64)}` };
const name = "trust-registry.example.org";
const metadata = { name, namespace: "registry-trust" };

async function created({ ca = "PEM\n", ...daemonSet }: Partial<settings.NodeDaemonSet> & { ca?: string } = {}) {
  const { resources } = await recorded(
    () =>
      new NodeDaemonSet("trust", {
        daemonSet: settings.NodeDaemonSet.parse({ runtime: "containerd", image, ...daemonSet }),
        cluster: new KubernetesCluster("cluster", { context: "kind-dev" }),
        endpoint: {
          ...addressed("registry.example.org", "https"),
          ca: pulumi.output(ca),
          accounts: pulumi.output<Record<string, string>>({}),
          served: [],
        },
        owner: testOwner,
        takeOverFrom: [],
      }),
  );
  const inputs = (type: string, name: string) => resource(resources, `kubernetes:${type}`, name).inputs;
  const config = inputs("core/v1:ConfigMap", "trust-config");
  return { resources, inputs, config, daemonSet: inputs("apps/v1:DaemonSet", "trust-pods") };
}

describe("NodeDaemonSet", () => {
  it("runs in its own namespace, which admits its host paths", async () => {
    const { inputs } = await created({ namespace: "nodes" });
    expect(inputs("core/v1:Namespace", "trust-namespace")).toMatchObject({
      metadata: { name: "nodes", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    });
    expect(inputs("apps/v1:DaemonSet", "trust-pods")).toMatchObject({ metadata: { name, namespace: "nodes" } });
  });

  it("may read itself in the cluster, and nothing else", async () => {
    const { inputs } = await created();
    expect(inputs("rbac.authorization.k8s.io/v1:Role", "trust-role")).toMatchObject({
      metadata,
      rules: [{ apiGroups: ["apps"], resources: ["daemonsets"], resourceNames: [name], verbs: ["get"] }],
    });
    expect(inputs("rbac.authorization.k8s.io/v1:RoleBinding", "trust-role-binding")).toMatchObject({
      roleRef: { kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace: "registry-trust" }],
    });
  });

  it("rolls its pods when the CA changes: the ConfigMap gets another name", async () => {
    const [one, other] = [await created(), await created({ ca: "another PEM\n" })];
    const volumes = (daemonSet: unknown) => Object(daemonSet).spec.template.spec.volumes;

    expect(one.config).toMatchObject({ immutable: true, data: { "ca.crt": "PEM\n" } });
    expect(Object(one.config.metadata).name).not.toBe(Object(other.config.metadata).name);
    for (const { config, daemonSet } of [one, other])
      expect(volumes(daemonSet)).toContainEqual({ name: "config", configMap: { name: Object(config.metadata).name } });
  });

  it("replaces all pods at once, on every node whatever its taints", async () => {
    const { daemonSet } = await created();
    expect(daemonSet).toMatchObject({
      spec: {
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } },
        template: { spec: { tolerations: [{ operator: "Exists" }], serviceAccountName: name } },
      },
    });
    const { selector, template } = Object(daemonSet).spec;
    expect(template.metadata.labels).toEqual(selector.matchLabels);
  });
});

import { symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { kubernetes } from "../../lab/cluster/kubernetes.ts";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { temporaryFolder, withWorld } from "../with-world.ts";

const checkout = join(import.meta.dirname, "../..");

/** Long enough for this test to play the kubelet, and no longer. */
const readinessTimeout = "45s";

const program = `
  import * as pulumi from "@pulumi/pulumi";
  import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
  import { JoxitUi } from "${checkout}/components/joxit-ui.ts";
  import { KubernetesCluster, stackCluster } from "${checkout}/components/kubernetes-cluster.ts";
  import { NodeDaemonSet } from "${checkout}/components/nodes/node-daemon-set.ts";
  import { addressed } from "${checkout}/components/registry-endpoint.ts";
  import * as settings from "${checkout}/settings/node-daemon-set.ts";

  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type.startsWith("kubernetes:apps/")
      ? { props, opts: { ...opts, customTimeouts: { create: "${readinessTimeout}", update: "${readinessTimeout}" } } }
      : undefined,
  );
  const cluster = new KubernetesCluster("cluster", stackCluster());
  const { metadata } = new Namespace("dso", { metadata: { name: "dso" } }, { provider: cluster.provider });
  const image = "registry.invalid/ui:does-not-exist";
  new JoxitUi("ui", { cluster, namespace: metadata.name, image, host: "registry.example.org" });
  const reference = "registry.invalid/trust:does-not-exist@sha256:${"0".repeat(64)}";
  const daemonSet = settings.NodeDaemonSet.parse({ runtime: "containerd", image: { reference } });
  const endpoint = { ...addressed("registry.example.org", "http"), ca: pulumi.output(""), accounts: pulumi.output({}) };
  const owner = { id: "0123456789abcdef", stack: "pulls/pulls", takeOverFrom: [] };
  const owned = { owner, takeOverFrom: owner.takeOverFrom };
  new NodeDaemonSet("trust", { daemonSet, cluster, endpoint: { ...endpoint, served: [] }, ...owned });`;

const world = withWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "image-pull-errors");
  const options = { typescript: false, nodeargs: "--import tsx" };
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ name: "pulls", runtime: { name: "nodejs", options } }));
  await writeFile(join(folder, "package.json"), '{ "type": "module", "main": "index.ts" }');
  await writeFile(join(folder, "index.ts"), program);
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  const names = ["garbage-collector", "namespace", "deployment", "replicaset", "daemonset"];
  const api = cleanup.use(await startApiServer({ controllers: names.map((name) => `${name}-controller`) }));
  await api.kubectl(["create", "--filename", "-"], JSON.stringify(node));
  const config = { "kubernetes:kubeconfig": api.kubeconfig };
  const stack = cleanup.use(await startStack({ name: "pulls", projectDir: folder, config }));
  stack.env.PATH = `${dirname(await goBinary(kubernetes("kubectl")))}:${stack.env.PATH}`;
  return { api, stack };
});

const node = { apiVersion: "v1", kind: "Node", metadata: { name: "node-1", labels: { "kubernetes.io/os": "linux" } } };

describe("a workload whose image cannot be pulled", () => {
  it("makes up fail with the pod, the image, the reason and the stack file's key", async () => {
    const up = world().stack.startUp();
    await Promise.all([cannotPull("dso"), cannotPull("registry-trust")]);
    const { exitCode, output } = await up.result;
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /pod dso\/registry-ui-\S+ on node \S+ cannot pull registry\.invalid\/ui:does-not-exist \(ImagePullBackOff: it was not found\)\..* name another image in variant\.ui\.image/,
    );
    expect(output).toMatch(
      /pod registry-trust\/trust-\S+ on node \S+ cannot pull registry\.invalid\/trust\S+ \(ImagePullBackOff: it was not found\)\..* name another image in nodeDaemonSet\.image/,
    );
  });
});

/** Says of the only pod in a namespace what a kubelet would. */
async function cannotPull(namespace: string): Promise<void> {
  const name = () =>
    world().api.kubectl(["get", "pods", `--namespace=${namespace}`, "--output=jsonpath={..metadata.name}"]);
  const pod = await vi.waitUntil(name, { timeout: 90_000, interval: 200 });
  const { spec } = JSON.parse(
    await world().api.kubectl(["get", "pod", pod, `--namespace=${namespace}`, "--output=json"]),
  );
  const waiting = { reason: "ImagePullBackOff", message: "it was not found" };
  const status = (each: { name: string; image: string }) => ({
    name: each.name,
    image: each.image,
    imageID: "",
    ready: false,
    restartCount: 0,
    state: { waiting },
  });
  const patch = JSON.stringify({ status: { containerStatuses: spec.containers.map(status) } });
  await world().api.kubectl([
    ...["patch", "pod", pod, `--namespace=${namespace}`, "--subresource=status", "--type=merge"],
    `--patch=${patch}`,
  ]);
}

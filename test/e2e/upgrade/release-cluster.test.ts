import { describe, expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import type { Cluster } from "../../../lab/cluster/cluster.ts";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { type PulumiStack, startStack } from "../../../lab/engine/pulumi-stack.ts";
import { cloneOfRelease } from "../../../lab/releases/release-clone.ts";
import { sourceFolder } from "../../../lab/releases/source-folder.ts";
import { withWorld } from "../../with-world.ts";
import { longestGapSeconds, startLoad } from "../support/background-load.ts";
import { startClusterClient } from "../support/cluster/cluster-client.ts";
import { clusterRegistryStack } from "../support/cluster/cluster-registry-stack.ts";
import { proxyAnswers } from "../support/cluster/proxy-answers.ts";
import { lostImages, pullImage, pushImage } from "../support/load-scripts.ts";
import { podImageByDigest, podsBecome, pushPodImage, workloadOf } from "../support/pods.ts";
import { nextVersion, release, releaseName } from "./next-version.ts";
import type { State } from "./recorded.ts";
import { uids } from "./restored-objects.ts";

const name = "release-cluster";
const [apps, trusting] = [`${name}-apps`, `${name}-trust`];

const what = "a registry on a volume of a cluster, a DaemonSet for its nodes and a pull secret";

describe.skipIf(release === undefined)(
  `${what}, of ${releaseName}, while clients push and pull`,
  { timeout: 600_000 },
  () => {
    const world = withWorld(async ({ use, defer }) => {
      if (release === undefined) throw new Error("skipped");
      const clone = use(await cloneOfRelease(release, nextVersion));
      const sources = {
        released: use(await sourceFolder(clone, clone.released)),
        next: use(await sourceFolder(clone, clone.next)),
      };
      const cluster = await startSharedCluster();
      const { kubectl } = cluster;
      const removeNamespaces = () => kubectl(["delete", "namespace", apps, trusting, "--ignore-not-found"]);
      await removeNamespaces();
      defer(removeNamespaces);
      await kubectl(["create", "namespace", apps]);
      await kubectl(["wait", "--for=create", "serviceaccount/default", "--namespace", apps]);
      const nodes = [cluster.controlPlane, ...cluster.workers];
      const [digest = ""] = await Promise.all(nodes.map(podImageByDigest));
      const image = { reference: `docker.io/container-registry-lab/pod@${digest}` };
      const registry = use(
        await clusterRegistryStack({
          name,
          containerRegistry: { requiresAuthForPull: true },
          config: {
            nodeDaemonSet: { runtime: "containerd", namespace: trusting, image },
            pullSecrets: [{ namespace: apps, name: "registry", account: "jenkins", defaultServiceAccount: true }],
          },
        }),
      );
      const { host } = registry;
      const stackOf = (projectDir: string) => startStack({ name, projectDir, stateDir: registry.stack.stateDir });
      const stacks = { released: await stackOf(sources.released.folder), next: await stackOf(sources.next.folder) };
      await stacks.released.up();
      await kubectl(["rollout", "status", "daemonset", "--namespace", trusting, "--timeout=120s"]);

      const outputs = await stacks.released.outputs();
      const client = use(await startClusterClient(`${name}-client`, cluster));
      await trust(client, host, String(outputs.registryCa));
      await proxyAnswers(client, `https://${host}`);
      const shop = `${host}/p2c/shop:1`;
      await pushPodImage({ machine: client, stack: stacks.released, host }, shop);
      const credentials = { name: "jenkins", password: String(Object(outputs.accounts).jenkins) };
      const load = { machine: client, credentials };
      const loads = {
        pushes: await startLoad({ ...load, name: "push", reference: `${host}/p2c/load:{n}`, script: pushImage }),
        pulls: await startLoad({ ...load, name: "pull", reference: shop, script: pullImage }),
      };
      const old = { outputs, objects: await stableObjects(cluster, stacks.released), trust: await trustOfNodes(nodes) };
      return { cluster, nodes, client, stacks, loads, shop, credentials, old };
    });

    it.each([["is upgraded", "next"] as const, ["goes back", "released"] as const])(
      "%s: the registry's pod is replaced, clients try again, and pods that are created meanwhile start",
      async (_what, version) => {
        const { cluster, nodes, stacks, loads, shop, old } = world();
        const stack = stacks[version];
        const workload = `meanwhile-${version}`;
        const created = JSON.stringify(workloadOf("DaemonSet", workload, apps, shop));
        await Promise.all([stack.up(), cluster.kubectl(["apply", "--filename", "-"], created)]);
        await cluster.kubectl(["rollout", "status", "deployment/registry", "--namespace", name, "--timeout=120s"]);
        const pods = { cluster, name: workload, namespace: apps, count: cluster.workers.length };
        await podsBecome((pod) => pod.running, pods);

        for (const [what, { more, runs }] of Object.entries(loads)) {
          await more(2);
          const gap = longestGapSeconds(await runs());
          process.stderr.write(`${name}, ${version}: no ${what} for ${gap} s\n`);
          expect(gap).toBeLessThan(60);
        }
        await stack.preview({ expectNoChanges: true });
        const now = {
          outputs: await stack.outputs(),
          objects: await stableObjects(cluster, stack),
          trust: await trustOfNodes(nodes),
        };
        expect(now).toMatchObject(old);
      },
    );

    it("lost nothing that was acknowledged", async () => {
      const { client, loads, credentials } = world();
      for (const load of Object.values(loads)) await load.stop();
      const pushed = await loads.pushes.runs();
      expect(pushed.length).toBeGreaterThan(10);
      expect(await lostImages(client, pushed, credentials)).toBe("");
    });

    it("is removed by the next version's destroy, and the images stay", async () => {
      const { cluster, nodes, stacks } = world();
      await cluster.kubectl(["delete", "daemonsets", "--all", "--namespace", apps]);
      await stacks.next.destroy();
      const kinds = "deployments,daemonsets,services,ingresses,configmaps,secrets,networkpolicies,roles,rolebindings";
      for (const namespace of [name, apps, trusting])
        expect(await cluster.kubectl(["get", kinds, "--namespace", namespace, "--output", "name"])).toBe(
          "configmap/kube-root-ca.crt",
        );
      expect(await cluster.kubectl(["get", "pvc", "--namespace", name, "--output", "name"])).not.toBe("");
      for (const files of await trustOfNodes(nodes)) expect(files).toBe("");
    });
  },
);

/** UIDs of the stack's objects, without those whose names contain a hash of their content: a version's program is part of it. */
async function stableObjects({ kubectl }: Cluster, stack: PulumiStack): Promise<Record<string, string>> {
  const all = Object.entries(await uids(kubectl, (await stack.exportState()) as State));
  return Object.fromEntries(all.filter(([object]) => !/^ConfigMap .*-[0-9a-f]{10}$/.test(object)));
}

function trustOfNodes(nodes: Cluster["workers"]): Promise<string[]> {
  const files = `cd /etc/containerd/certs.d
    find . -path '*${name}*' -printf '%p %y %m %U:%G\\n' | sort
    find . -path '*${name}*' -type f -exec sha256sum {} + | sort`;
  return Promise.all(nodes.map((node) => node.run(files)));
}

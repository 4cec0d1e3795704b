import { describe, expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import type { Cluster } from "../../../lab/cluster/cluster.ts";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { cloneOfRelease } from "../../../lab/releases/release-clone.ts";
import { sourceFolder } from "../../../lab/releases/source-folder.ts";
import { startMinio } from "../../../lab/services/minio.ts";
import { type Cleanup, withWorld } from "../../with-world.ts";
import { longestGapSeconds, startLoad } from "../support/background-load.ts";
import { startClusterClient } from "../support/cluster/cluster-client.ts";
import { type ClusterRegistryStackOptions, clusterRegistryStack } from "../support/cluster/cluster-registry-stack.ts";
import { proxyAnswers } from "../support/cluster/proxy-answers.ts";
import { lostImages, pullImage, pushImage } from "../support/load-scripts.ts";
import { podImageByDigest, podsBecome, pushPodImage, workloadOf } from "../support/pods.ts";
import { nextVersion, release, releaseName } from "./next-version.ts";
import type { State } from "./recorded.ts";
import { uids } from "./restored-objects.ts";

describe.skipIf(release === undefined)(`a registry in a cluster of ${releaseName}, while clients push and pull`, () => {
  const sources = withWorld(async ({ use }) => {
    if (release === undefined) throw new Error("skipped");
    const clone = use(await cloneOfRelease(release, nextVersion));
    const [released, next] = [await sourceFolder(clone, clone.released), await sourceFolder(clone, clone.next)];
    return { released: use(released).folder, next: use(next).folder };
  });

  /** Has the released version make a registry, and starts the clients. */
  async function startRegistry({ use }: Cleanup, options: ClusterRegistryStackOptions) {
    const registry = use(await clusterRegistryStack(options));
    const { cluster, host, namespace } = registry;
    const stackOf = (projectDir: string) =>
      startStack({ name: namespace, projectDir, stateDir: registry.stack.stateDir });
    const stacks = { released: await stackOf(sources().released), next: await stackOf(sources().next) };
    const client = use(await startClusterClient(`${namespace}-client`, cluster));
    await stacks.released.up();

    const outputs = await stacks.released.outputs();
    await trust(client, host, String(outputs.registryCa));
    await proxyAnswers(client, `https://${host}`);
    const shop = `${host}/p2c/shop:1`;
    const digest = await pushPodImage({ machine: client, stack: stacks.released, host }, shop);
    const credentials = { name: "jenkins", password: String(Object(outputs.accounts).jenkins) };
    const load = { machine: client, credentials };
    const pushes = await startLoad({ ...load, name: "push", reference: `${host}/p2c/load:{n}`, script: pushImage });
    const pulls = await startLoad({ ...load, name: "pull", reference: shop, script: pullImage });

    /** Takes a version. Returns what was said, and the longest time in which no push and no pull succeeded. */
    const take = async (version: "released" | "next") => {
      const { stdout } = await stacks[version].up();
      await cluster.kubectl(["rollout", "status", "deployment/registry", "--namespace", namespace, "--timeout=120s"]);
      await Promise.all([pushes.more(2), pulls.more(2)]);
      const gaps = [longestGapSeconds(await pushes.runs()), longestGapSeconds(await pulls.runs())];
      const failures = { pushes: await pushes.failures(), pulls: await pulls.failures() };
      process.stderr.write(`${namespace}, ${version}: gaps of ${gaps} s\n${JSON.stringify(failures, undefined, 2)}\n`);
      await stacks[version].preview({ expectNoChanges: true });
      expect(await stacks[version].outputs()).toMatchObject(outputs);
      return { stdout, gaps, failures };
    };
    /** Stops the clients. Returns what was acknowledged and is lost. */
    const lost = async () => {
      await Promise.all([pushes.stop(), pulls.stop()]);
      const pushed = await pushes.runs();
      expect(pushed.length).toBeGreaterThan(10);
      return lostImages(client, pushed, credentials);
    };
    return { registry, cluster, client, stacks, take, lost, shop, digest };
  }

  describe("on a volume, with a DaemonSet for the nodes and a pull secret", () => {
    const name = "release-cluster";
    const [apps, trusting] = [`${name}-apps`, `${name}-trust`];

    const world = withWorld(async (cleanup) => {
      const { kubectl, ...cluster } = await startSharedCluster();
      const removeNamespaces = () => kubectl(["delete", "namespace", apps, trusting, "--ignore-not-found"]);
      await removeNamespaces();
      cleanup.defer(removeNamespaces);
      await kubectl(["create", "namespace", apps]);
      await kubectl(["wait", "--for=create", "serviceaccount/default", "--namespace", apps]);
      const nodes = [cluster.controlPlane, ...cluster.workers];
      const [digest = ""] = await Promise.all(nodes.map(podImageByDigest));
      const started = await startRegistry(cleanup, {
        name,
        containerRegistry: { requiresAuthForPull: true },
        config: {
          nodeDaemonSet: {
            runtime: "containerd",
            namespace: trusting,
            image: { reference: `docker.io/container-registry-lab/pod@${digest}` },
          },
          pullSecrets: [{ namespace: apps, name: "registry", account: "jenkins", defaultServiceAccount: true }],
        },
      });
      const look = async () => {
        const objects = await uids(kubectl, (await started.stacks.released.exportState()) as State);
        const stable = Object.entries(objects).filter(([object]) => !namedByContent.test(object));
        return { objects: Object.fromEntries(stable), trust: await trustOfNodes(nodes) };
      };
      await kubectl(["rollout", "status", "daemonset", "--namespace", trusting, "--timeout=120s"]);
      return { ...started, nodes, look, old: await look() };
    });

    it.each([["is upgraded", "next"] as const, ["goes back", "released"] as const])(
      "%s: its pod is replaced, clients try again, and kubelets start what was to start meanwhile",
      async (_what, version) => {
        const { cluster, take, look, old, shop, digest } = world();
        const workload = JSON.stringify(workloadOf("DaemonSet", `meanwhile-${version}`, apps, shop));
        const [{ gaps }] = await Promise.all([take(version), cluster.kubectl(["apply", "--filename", "-"], workload)]);
        for (const gap of gaps) expect(gap).toBeLessThan(60);
        expect(await look()).toMatchObject(old);
        const { length: count } = cluster.workers;
        const pods = { cluster, name: `meanwhile-${version}`, namespace: apps, count };
        const running = await podsBecome((pod) => pod.running, pods);
        expect(running.map((pod) => pod.digest)).toEqual(running.map(() => digest));
      },
    );

    it("lost nothing that was acknowledged", async () => {
      expect(await world().lost()).toBe("");
    });

    it("is removed by the next version's destroy, and the images stay", async () => {
      const { cluster, nodes, stacks } = world();
      await cluster.kubectl(["delete", "daemonsets", "--all", "--namespace", apps]);
      await stacks.next.destroy();
      const kinds =
        "deployments,daemonsets,services,ingresses,configmaps,secrets,networkpolicies,roles,rolebindings,cronjobs";
      for (const namespace of [name, apps, trusting])
        expect(await cluster.kubectl(["get", kinds, "--namespace", namespace, "--output", "name"])).toBe(
          "configmap/kube-root-ca.crt",
        );
      expect(await cluster.kubectl(["get", "pvc", "--namespace", name, "--output", "name"])).not.toBe("");
      for (const files of await trustOfNodes(nodes)) expect(files).toBe("");
    });

    function trustOfNodes(nodes: Cluster["workers"]): Promise<string[]> {
      const files = `cd /etc/containerd/certs.d && find . -path '*${name}*' -printf '%p %y %m %U:%G\\n' | sort
        find . -path '*${name}*' -type f -exec sha256sum {} + | sort`;
      return Promise.all(nodes.map((node) => node.run(files)));
    }
  });

  describe("of two replicas on object storage", () => {
    const world = withWorld(async (cleanup) => {
      const { endpoint, bucket, region, accessKey, secretKey } = cleanup.use(await startMinio("release-minio"));
      return startRegistry(cleanup, {
        name: "release-s3",
        variant: { replicas: 2, storage: { kind: "s3", endpoint, bucket, region, pathStyle: true } },
        secrets: { s3AccessKey: accessKey, s3SecretKey: secretKey },
      });
    });

    it.each([["is upgraded", "next"] as const, ["goes back", "released"] as const])(
      "%s: its pods are replaced one after the other, and no client notices",
      async (_what, version) => {
        const { failures } = await world().take(version);
        expect(failures).toEqual({ pushes: [], pulls: [] });
      },
    );

    it("lost nothing that was acknowledged", async () => {
      expect(await world().lost()).toBe("");
    });
  });
});

/** Objects whose names contain a hash of their content, which has the program in it. */
const namedByContent = /^ConfigMap .*-[0-9a-f]{10}$/;

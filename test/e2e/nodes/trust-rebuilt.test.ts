import { expect, it } from "vitest";
import { type Cluster, startCluster } from "../../../lab/cluster/cluster.ts";
import type { ClusterNode } from "../../../lab/cluster/cluster-node.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { startRegistryServer } from "../../../lab/services/registry-server.ts";
import { kubeSystemUid } from "../../engine/kube-system.ts";
import { withWorld } from "../../with-world.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runFirst, runLines, runSection } from "../support/docs-pages/run-page.ts";
import { podImageByDigest } from "../support/pods.ts";

const name = "node-rebuilt";
const host = `${name}.lab.test`;
const byNodeTrust = `/etc/containerd/certs.d/${host}/ca.crt`;
const byDaemonSet = `/etc/docker/certs.d/${host}/ca.crt`;

const world = withWorld(async ({ use }) => {
  const server = use(await startRegistryServer({ name }));
  const cluster = use(await startAnew());
  const reference = await loadDaemonSetImage(cluster);
  const stack = use(
    await startStack({
      name,
      config: {
        "kubernetes:kubeconfig": cluster.kubeconfig,
        "kubernetes:context": cluster.context,
        containerRegistry: { host, requiresAuthForPush: false },
        variant: { kind: "existing", tls: { kind: "provided-ca", file: server.caFile } },
        nodes: [{ name: "dev", runtime: "containerd", connection: { kind: "kind-cluster", name: cluster.name } }],
        // Another runtime's: no two may write the same files.
        nodeDaemonSet: { runtime: "docker", image: { reference } },
      },
    }),
  );
  return { server, cluster, stack };
});

it("a kind cluster › gets its trust by one up, and nothing by the second", async () => {
  const { cluster, stack } = world();
  await stack.up();
  await expectTrust(cluster);
  await stack.up({ flags: ["--expect-no-changes"] });
});

it("a node that joined since › is found by the next up, which touches no other", async () => {
  const { server, cluster, stack } = world();
  const { controlPlane } = cluster;
  const written = await inode(controlPlane);
  const node = await cluster.addNode();
  await podImageByDigest(node);
  const { stdout } = await stack.up();
  // Three resources belong to the node: its component, its command, and the resource that tells this node from a node at
  // another address.
  expect(stdout).toMatch(/Resources:\n\s+\+ 3 created\n\s+\d+ unchanged\n/);
  expect(await node.run(`cat ${byNodeTrust}`)).toBe(server.ca.trimEnd());
  expect(await inode(controlPlane)).toBe(written);
  await stack.up({ flags: ["--expect-no-changes"] });
});

it("a cluster deleted and created again › gets all of it once the state has forgotten the old one", async () => {
  const { cluster: old, stack } = world();
  const uid = await kubeSystemUid(old);
  await old.remove();
  await using cluster = await startAnew();
  await loadDaemonSetImage(cluster);
  expect(await kubeSystemUid(cluster)).not.toBe(uid);

  const page = docsPage("incidents/cluster-rebuilt.md");
  const preview = await runFirst(stack, page);
  expect(preview).toMatchObject({ exitCode: expect.toSatisfy((code) => code !== 0) });
  expect(preview.output).toContain(await kubeSystemUid(cluster));
  const [forget = "", up = ""] = page.lines("Mend");
  const urnIn = (text: string) => /pulumi state delete --target-dependents '(urn:[^']+)'/.exec(text)?.[1];
  let said = preview.output;
  for (let urn = urnIn(said); urn !== undefined; urn = urnIn(said)) {
    await runLines(stack, page, [forget], { URN: urn });
    said = await runLines(stack, page, [up]).catch(String);
  }
  await runSection(stack, page, "Over when");
  await expectTrust(cluster);
});

function startAnew(): Promise<Cluster> {
  return startCluster({ name: "lab-rebuilt", workers: 0 });
}

/** Gives the cluster's node the DaemonSet's image, as a pull would, and returns the image's name. */
async function loadDaemonSetImage(cluster: Cluster): Promise<string> {
  return `docker.io/container-registry-lab/pod@${await podImageByDigest(cluster.controlPlane)}`;
}

/** Expects the CA in the files of the NodeTrust and of the DaemonSet, and the registry's name in `local-registry-hosting`. */
async function expectTrust(cluster: Cluster): Promise<void> {
  for (const path of [byNodeTrust, byDaemonSet])
    expect(await cluster.controlPlane.run(`cat ${path}`)).toBe(world().server.ca.trimEnd());
  const hosting = ["get", "configmap", "local-registry-hosting", "--namespace", "kube-public", "--output", "yaml"];
  expect(await cluster.kubectl(hosting)).toContain(`host: ${host}`);
}

function inode(node: ClusterNode): Promise<string> {
  return node.run(`stat --format '%i %z' ${byNodeTrust}`);
}

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { step } from "../lab/progress.ts";
import { type ClusterRegistryStack, clusterRegistryStack } from "../test/e2e/support/cluster/cluster-registry-stack.ts";
import { madeObjects } from "./cluster/made-objects.ts";
import { startOwnService } from "./cluster/own-service.ts";
import { pullRate, requestsPerSecond, requireLoadTools } from "./proxy/load.ts";
import { compare } from "./proxy/pair.ts";
import { protocols } from "./proxy/protocol.ts";
import { storeContent } from "./proxy/reads.ts";
import { type Row, row } from "./row.ts";

const name = "bench-cluster";
const megabytes = 300;
const rounds = 3;

/** The registry in a cluster: reads compared to distribution's own Service, `up` compared to kubectl apply. */
export async function clusterRows(): Promise<Row[]> {
  await requireLoadTools();
  await using registry = await clusterRegistryStack({
    name,
    variant: { tls: { kind: "none" }, deleteData: true },
  });
  const ready = await step("up of the cluster variant, beside kubectl apply", () => besideKubectl(registry));
  await registry.stack.up();
  return [ready, ...(await step("Ingress → proxy → distribution, beside its own Service", () => reads(registry)))];
}

/** Plain HTTP on both sides, so that only the path of requests differs; both read the same volume. */
async function reads({ cluster, host }: ClusterRegistryStack): Promise<Row[]> {
  const [protocol] = protocols;
  if (protocol === undefined) return [];
  const scratch = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  await using service = await startOwnService(cluster, name);
  const { large, small } = await storeContent([service], randomBytes(megabytes * 1e6));
  const compared = { protocol, proxy: `http://${host}`, alone: service.url, peer: "its own Service" };
  const address = (url: string) => (url === compared.proxy ? `${cluster.ingressAddress}:80` : undefined);
  const rows = [
    await compare(compared, {
      what: `${megabytes} MB blob pulled through the Ingress`,
      unit: "MB/s",
      rounds: 9,
      rate: (url) => pullRate(protocol, url + large, address(url)),
    }),
    await compare(compared, {
      what: "4 KB blobs through the Ingress, 16 connections",
      unit: "req/s",
      rounds: 5,
      rate: (url) => {
        const urls = small.map((path) => url + path);
        return requestsPerSecond({ protocol, scratch, urls, total: 4000, connections: 16, address: address(url) });
      },
    }),
  ];
  await rm(scratch, { recursive: true });
  return rows;
}

/** Seconds until the pods are ready, starting without the namespace; kubectl applies the same objects. */
async function besideKubectl({ stack, cluster }: ClusterRegistryStack): Promise<Row> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const { seconds } = await stack.up();
    const objects = madeObjects(await stack.exportState({ showSecrets: true }));
    await stack.destroy();
    pairs.push([seconds, await secondsOf(() => apply(cluster, objects))]);
    await cluster.kubectl(["delete", "namespace", name]);
  }
  return row({ what: "registry in the cluster, until it is ready", unit: "s", peer: "kubectl apply", pairs });
}

async function apply({ kubectl }: ClusterRegistryStack["cluster"], items: object[]): Promise<void> {
  await kubectl(["apply", "--filename", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await kubectl(["rollout", "status", "deployment/registry", "--namespace", name, "--timeout=120s"]);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

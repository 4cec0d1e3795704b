import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { step } from "../lab/progress.ts";
import { type ClusterRegistryStack, clusterRegistryStack } from "../test/e2e/support/cluster/cluster-registry-stack.ts";
import { accountRows } from "./cluster/accounts.ts";
import { joiningNodeRows } from "./cluster/joining-nodes.ts";
import { madeObjects } from "./cluster/made-objects.ts";
import { startOwnService } from "./cluster/own-service.ts";
import { pullRate, requestsPerSecond, requireLoadTools } from "./proxy/load.ts";
import { type Compared, compare } from "./proxy/pair.ts";
import { protocols } from "./proxy/protocol.ts";
import { type Content, storeContent } from "./proxy/reads.ts";
import { type Row, row } from "./row.ts";

const name = "bench-cluster";
const megabytes = 300;
const rounds = 3;

/** The registry in a cluster: reads beside distribution's own Service, `up` beside kubectl apply, and how soon accounts change. */
export async function clusterRows(): Promise<Row[]> {
  return [...(await registryRows()), ...(await accountRows())];
}

async function registryRows(): Promise<Row[]> {
  await requireLoadTools();
  await using registry = await clusterRegistryStack({
    name,
    variant: { tls: { kind: "none" }, deleteData: true },
  });
  const ready = await step("up of the cluster variant, beside kubectl apply", () => besideKubectl(registry));
  await registry.stack.setConfig({ variant: { ...registry.variant, tls: { kind: "private-ca" } } });
  await registry.stack.up();
  const read = await step("proxy → distribution, beside distribution's own Service", () => reads(registry));
  return [ready, ...read, ...(await step("nodes that join", () => joiningNodeRows(registry)))];
}

/** Both sides through the same Ingress controller, which ends TLS, and both through a Service. They read the same volume. */
async function reads({ cluster, host }: ClusterRegistryStack): Promise<Row[]> {
  const scratch = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const ownHost = `own-${host}`;
  await using service = await startOwnService(cluster, name, ownHost);
  const content = await storeContent([service], randomBytes(megabytes * 1e6));
  const rows: Row[] = [];
  for (const protocol of protocols) {
    const { tls } = protocol;
    const compared = tls
      ? { protocol, proxy: `https://${host}`, alone: `https://${ownHost}` }
      : { protocol, proxy: service.proxyUrl, alone: service.url };
    const peer = tls ? "the Ingress to its own Service" : "its own Service";
    const address = tls ? `${cluster.ingressAddress}:443` : undefined;
    rows.push(...(await readsBy({ ...compared, peer }, { content, scratch, address })));
  }
  await rm(scratch, { recursive: true });
  return rows;
}

type Read = { content: Content; scratch: string; address: string | undefined };

async function readsBy(compared: Compared, { content, scratch, address }: Read): Promise<Row[]> {
  const { protocol } = compared;
  const way = address === undefined ? "without the Ingress" : "through the Ingress";
  return [
    await compare(compared, {
      what: `${megabytes} MB blob pulled ${way}`,
      ...{ unit: "MB/s", rounds: 9, atLeast: 0.9 },
      rate: (url) => pullRate(protocol, url + content.large, address),
    }),
    await compare(compared, {
      what: `4 KB blobs ${way}, 16 connections`,
      ...{ unit: "req/s", rounds: 5, atLeast: 0.9 },
      rate: (url) => {
        const urls = content.small.map((path) => url + path);
        const more = address === undefined ? {} : { address };
        return requestsPerSecond({ protocol, scratch, urls, total: 4000, connections: 16, ...more });
      },
    }),
  ];
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

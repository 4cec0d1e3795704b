import { namesOfTheLab } from "../../lab/network/names-of-the-lab.ts";
import { step } from "../../lab/progress.ts";
import { startMinio } from "../../lab/services/minio.ts";
import {
  type ClusterRegistryStack,
  clusterRegistryStack,
} from "../../test/e2e/support/cluster/cluster-registry-stack.ts";
import { registryCommand } from "../../test/e2e/support/registry-command.ts";
import { type Row, row } from "../row.ts";
import { type PodAnswer, startLogins } from "./pod-logins.ts";

const name = "bench-accounts";
const jenkins = { name: "jenkins", push: ["**"] };
const dana = { name: "dana", push: ["dana/**"] };
const rounds = 2;

/** What changed accounts may take, in seconds. */
const allowed = { inForce: 5, revoked: 2 };

/** What `rotate` waits at each step where it cannot ask the pods. */
const kubeletSeconds = 120;

/** How soon every pod knows changed accounts, with one replica and with two. */
export async function accountRows(): Promise<Row[]> {
  await using minio = await startMinio(`${name}-minio`);
  const { endpoint, bucket, region, accessKey, secretKey } = minio;
  await using registry = await clusterRegistryStack({
    name,
    variant: { storage: { kind: "s3", endpoint, bucket, region, pathStyle: true } },
    accounts: [jenkins, dana],
    secrets: { s3AccessKey: accessKey, s3SecretKey: secretKey, passwords: JSON.stringify({ dana: password(0) }) },
  });
  const rows: Row[] = [];
  for (const replicas of [1, 2]) {
    await registry.stack.setConfig({ variant: { ...registry.variant, replicas } });
    await registry.stack.up();
    rows.push(...(await step(`changed accounts, ${replicas} replicas`, () => changes(registry, replicas))));
  }
  return rows;
}

async function changes(registry: ClusterRegistryStack, replicas: number): Promise<Row[]> {
  const added: Times[] = [];
  const revoked: Times[] = [];
  const rotated: number[] = [];
  for (let round = 0; round < rounds; round++) {
    added.push(await firstAccepted(registry));
    revoked.push(await lastAccepted(registry));
    rotated.push(await rotation(registry));
  }
  const of = replicas === 1 ? "1 replica" : `${replicas} replicas`;
  const limited = (what: string, pairs: [number, number][], peer = "what it may take") =>
    row({ what: `${what}, ${of}`, unit: "s", peer, pairs, atMost: 1 });
  const sinceStart = (times: Times[]) =>
    times.map(({ started, ended, changed }): [number, number] => [changed - started, ended - started]);
  // Nothing is left to wait for where a pod changed before the end.
  const sinceEnd = (times: Times[], limit: number) =>
    times.map(({ ended, changed }): [number, number] => [Math.max(0, changed - ended), limit]);
  return [
    limited("end of up until the last pod accepts a new password", sinceEnd(added, allowed.inForce)),
    limited("start of that up until the last pod accepts it", sinceStart(added), "the whole up"),
    limited("end of revoke until no pod accepts the old password", sinceEnd(revoked, allowed.revoked)),
    limited("start of revoke until no pod accepts it", sinceStart(revoked), "the whole revoke"),
    row({
      what: `rotate with an overlap of 1 s, ${of}`,
      ...{ unit: "s", peer: "the kubelets' two minutes", atMost: 1 },
      pairs: rotated.map((seconds): [number, number] => [seconds, kubeletSeconds]),
    }),
  ];
}

/** When a command started and ended, and when the last pod was seen to follow it, in seconds since 1970. */
type Times = { started: number; ended: number; changed: number };

/** An `up` with a changed password, and the first login with it that the last pod accepts. */
async function firstAccepted(registry: ClusterRegistryStack): Promise<Times> {
  const { stack } = registry;
  const next = password();
  const logins = await loginsAt(registry, next);
  await stack.setSecret("passwords", JSON.stringify({ dana: next }));
  const started = Date.now() / 1000;
  await stack.up();
  const ended = Date.now() / 1000;
  const first = (all: PodAnswer[]) => timeOf(all.find(({ status }) => status === 200)?.answered);
  return { started, ended, changed: Math.max(...(await logins.stop()).map(first)) };
}

/** A `revoke`, and the last login with the old password that a pod accepts. */
async function lastAccepted(registry: ClusterRegistryStack): Promise<Times> {
  const logins = await loginsAt(registry, password(0));
  const started = Date.now() / 1000;
  await run(registry, ["revoke", "dana", "--password-stdin"], password());
  const ended = Date.now() / 1000;
  const last = (all: PodAnswer[]) => timeOf(all.findLast(({ status }) => status === 200)?.answered);
  return { started, ended, changed: Math.max(...(await logins.stop()).map(last)) };
}

async function rotation(registry: ClusterRegistryStack): Promise<number> {
  const started = performance.now();
  await run(registry, ["rotate", "--account", "dana", "--password-stdin", "--overlap", "1s"], password());
  return (performance.now() - started) / 1000;
}

/** Logins of dana at every pod, and three seconds more of them at the end. Each pod's come by themselves. */
async function loginsAt({ cluster, namespace }: ClusterRegistryStack, secret: string) {
  const [node] = cluster.workers;
  if (node === undefined) throw new Error("the cluster has no worker");
  const selected = ["get", "pods", "--namespace", namespace, "--selector", "app.kubernetes.io/name=registry"];
  const { items } = JSON.parse(await cluster.kubectl([...selected, "--output", "json"])) as PodList;
  // A pod that ends finishes its uploads, and no Service leads to it.
  const pods = items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ status }) => status.podIP);
  const logins = startLogins(node, pods, { name: dana.name, password: secret });
  return {
    stop: async (): Promise<PodAnswer[][]> => {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const all = await logins.stop();
      return pods.map((pod) => all.filter((each) => each.pod === pod));
    },
  };
}

type PodList = { items: { metadata: { deletionTimestamp?: string }; status: { podIP: string } }[] };

function timeOf(seconds: number | undefined): number {
  if (seconds === undefined) throw new Error("a pod accepted no login of dana");
  return seconds;
}

let passwords = 0;

/** Another password each time, or the newest one. */
function password(next = 1): string {
  passwords += next;
  return `bench-password-${passwords}`;
}

async function run({ stack }: ClusterRegistryStack, args: string[], input: string): Promise<void> {
  const { exitCode, output } = await registryCommand(stack, args, input, namesOfTheLab).result;
  if (exitCode !== 0) throw new Error(`registry ${args.join(" ")} ends with ${exitCode}: ${output}`);
}

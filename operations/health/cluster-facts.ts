import { z } from "zod";
import { podHealthProgram } from "../../hosts/health/health-program.ts";
import { labels, names, storageRoot } from "../../render/cluster-registry/names.ts";
import type { ClusterVariant } from "../../settings/variants/cluster.ts";
import { type Kubectl, KubectlError, requireKubectl } from "../kubectl.ts";
import type { LiveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { factsIn, type HostFacts } from "./host-facts.ts";
import { within } from "./within.ts";

const Metadata = z.object({ name: z.string(), creationTimestamp: z.string().optional() });

const Conditions = z
  .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
  .default([]);

const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.int(),
  state: z
    .object({
      waiting: z.object({ reason: z.string().default("waiting"), message: z.string().optional() }).optional(),
      terminated: z.object({ reason: z.string().default("terminated"), exitCode: z.int() }).optional(),
    })
    .default({}),
});

const KubernetesObject = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("Deployment"),
    metadata: Metadata,
    spec: z.object({ replicas: z.int().default(1) }),
    status: z.object({ readyReplicas: z.int().default(0), conditions: Conditions }).prefault({}),
  }),
  z.object({
    kind: z.literal("Pod"),
    metadata: Metadata.extend({
      labels: z.record(z.string(), z.string()).default({}),
      deletionTimestamp: z.string().optional(),
    }),
    spec: z.object({ nodeName: z.string().optional() }),
    status: z.object({
      phase: z.string().default("Unknown"),
      startTime: z.string().optional(),
      conditions: Conditions,
      containerStatuses: z.array(ContainerStatus).default([]),
    }),
  }),
  z.object({
    kind: z.literal("CronJob"),
    metadata: Metadata,
    spec: z.object({ schedule: z.string(), suspend: z.boolean().default(false) }),
    status: z
      .object({ lastScheduleTime: z.string().optional(), lastSuccessfulTime: z.string().optional() })
      .prefault({}),
  }),
  z.object({
    kind: z.literal("Job"),
    metadata: Metadata,
    status: z.object({
      startTime: z.string().optional(),
      completionTime: z.string().optional(),
      conditions: Conditions,
    }),
  }),
  z.object({
    kind: z.literal("PersistentVolumeClaim"),
    metadata: Metadata,
    status: z.object({ phase: z.string().default("Pending") }).prefault({}),
  }),
]);

type KubernetesObject = z.output<typeof KubernetesObject>;
type Kind = KubernetesObject["kind"];

/** How a registry in a cluster is, as its API server and its own container tell. */
export type ClusterFacts = {
  context: string;
  /** The objects of the registry's namespace that this program made, and the pods that belong to them. */
  objects: readonly KubernetesObject[];
  /** What the registry's container says of itself and its storage; missing where no pod runs, which `problem` names. */
  pod?: HostFacts;
  /** The version of the proxy in the pod. */
  proxyVersion?: string;
  problem?: string;
};

const kinds = "deployments,pods,cronjobs,jobs,persistentvolumeclaims";

/** How long all of it may take, in seconds. */
const limitSeconds = 10;

/** How long a pod may take to answer, so that one which hangs leaves time for what the API server says. */
const podSeconds = 7;

/** Asks the cluster of variant cluster, and the registry's container. */
export async function clusterFacts(stack: LiveStack, variant: ClusterVariant): Promise<ClusterFacts> {
  await using kubectl = await requireKubectl(stack);
  const { context } = kubectl;
  const who = `the cluster of context ${context}`;
  try {
    return await within(limitSeconds, who, async (signal) => {
      const [objects, pod, proxyVersion] = await Promise.all([
        objectsOf(kubectl, variant, signal),
        podFacts(kubectl, variant, signal),
        proxyVersionOf(kubectl, variant, signal),
      ]);
      return { context, objects, ...pod, ...(proxyVersion && { proxyVersion }) };
    });
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    throw new OperationError(`${who}: ${error.message}`);
  }
}

/** The objects of one kind. */
export function objectsOfKind<K extends Kind>(
  { objects }: Pick<ClusterFacts, "objects">,
  kind: K,
): Extract<KubernetesObject, { kind: K }>[] {
  return objects.filter((each): each is Extract<KubernetesObject, { kind: K }> => each.kind === kind);
}

async function objectsOf(kubectl: Kubectl, { namespace }: ClusterVariant, signal: AbortSignal) {
  const [label] = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const ours = ["get", kinds, `--namespace=${namespace}`, `--selector=${label}`, "--output=json"];
  const { items } = z.object({ items: z.array(z.unknown()) }).parse(JSON.parse(await kubectl.run(ours, { signal })));
  return items.map((item) => KubernetesObject.parse(item));
}

async function podFacts(kubectl: Kubectl, variant: ClusterVariant, signal: AbortSignal) {
  const program = podHealthProgram(variant.storage.kind === "volume" ? storageRoot : undefined);
  const who = `the pod of deployment ${names.deployment}`;
  try {
    const text = await within(podSeconds, who, (late) =>
      inContainer(kubectl, variant, "registry", ["sh", "-c", program], AbortSignal.any([signal, late])),
    );
    return { pod: factsIn(text, who) };
  } catch (error) {
    if (!(error instanceof KubectlError || error instanceof OperationError)) throw error;
    return { problem: error.message.includes("timed out waiting") ? "no pod of the registry runs" : error.message };
  }
}

async function proxyVersionOf(kubectl: Kubectl, variant: ClusterVariant, signal: AbortSignal) {
  const text = await within(podSeconds, "the proxy", (late) =>
    inContainer(kubectl, variant, "proxy", ["caddy", "version"], AbortSignal.any([signal, late])),
  ).catch(() => "");
  return /^v?(\d\S*)/.exec(text)?.[1];
}

function inContainer(
  kubectl: Kubectl,
  { namespace }: ClusterVariant,
  container: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const target = [`deployment/${names.deployment}`, `--namespace=${namespace}`, `--container=${container}`];
  // kubectl would wait for a minute for a pod that starts.
  return kubectl.run(["exec", ...target, "--pod-running-timeout=1s", "--", ...command], { signal });
}

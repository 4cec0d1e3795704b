import { shellWord } from "../../../../hosts/shell.ts";
import type { Check } from "../../check.ts";
import { objectName } from "../../cluster/applied-objects.ts";
import type { LiveObject } from "../../cluster/live-objects.ts";
import { type ClusterFacts, objectsOfKind } from "../../cluster-facts.ts";
import type { CheckedObjects } from "./checked-objects.ts";

export type CheckedPods = CheckedObjects & {
  /** What variant cluster's own namespace has. @default the registry runs elsewhere */
  registry?: ClusterFacts;
};

export const pods: readonly Check<CheckedPods>[] = [
  {
    id: "pod-not-ready",
    title: "the pods that the stack's objects ask for are ready",
    followsFrom: ["object-missing", "object-changed"],
    run: ({ objects, registry, where, context }) =>
      objects.flatMap(({ live }) => {
        const missing = live && missingPods(live);
        if (live === undefined || missing === undefined) return [];
        const { namespace = "" } = live.metadata;
        const reason = registry && waiting(registry);
        return [
          {
            problem: `${objectName(live)} has ${missing}`,
            ...{ where, affects: affected[live.kind] ?? "everybody who pushes or pulls", fixable: false },
            ...(live.kind === "Deployment" && reason && { cause: reason }),
            mend: `mend what the pods say: kubectl --context ${shellWord(context)} --namespace ${namespace} describe pods`,
          },
        ];
      }),
  },
];

const affected: Record<string, string> = {
  DaemonSet: "pods on nodes without a ready one: such a node does not trust the registry, or cannot connect to it",
};

/** How many pods are not ready, as in `1 of 2 pods not ready`; undefined if each is. */
function missingPods({ kind, spec, status }: LiveObject): string | undefined {
  const count = (value: unknown) => (typeof value === "number" ? value : 0);
  const [wanted, ready] =
    kind === "Deployment"
      ? [count(spec?.replicas ?? 1), count(status.readyReplicas)]
      : [count(status.desiredNumberScheduled), count(status.numberReady)];
  return ready < wanted ? `${wanted - ready} of ${wanted} pods not ready` : undefined;
}

/** Why a pod of the registry does not start, as its kubelet says. */
function waiting(facts: ClusterFacts): string | undefined {
  const reasons = objectsOfKind(facts, "Pod").flatMap(({ metadata, status }) =>
    status.containerStatuses.flatMap(({ name, state: { waiting } }) =>
      waiting
        ? [`pod ${metadata.name}, container ${name}: ${[waiting.reason, waiting.message].filter(Boolean).join(": ")}`]
        : [],
    ),
  );
  return reasons[0]?.slice(0, 400);
}

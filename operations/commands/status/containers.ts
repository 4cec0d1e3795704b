import { type ClusterFacts, objectsOfKind } from "../../health/cluster-facts.ts";
import type { HostFacts } from "../../health/host-facts.ts";
import type { Seen } from "./look.ts";
import type { StatusReport } from "./status-report.ts";

type Containers = StatusReport["containers"];

/** The registry's containers on a machine, or its pods in a cluster. */
export function containersIn({ host, cluster }: Pick<Seen, "host" | "cluster">): Containers {
  return [...(host?.docker?.containers ?? []).map(container), ...(cluster ? pods(cluster) : [])];
}

/** Versions of programs, as the programs tell them. */
export function versionsIn({ host, cluster }: Pick<Seen, "host" | "cluster">): Record<string, string> {
  const containers = (host?.docker?.containers ?? []).map(({ service, version }) => [service, version]);
  const all = [
    ...containers,
    ["registry", cluster?.pod?.version],
    ["proxy", cluster?.proxyVersion],
    ["docker", host?.docker?.version],
  ];
  return Object.fromEntries(all.filter(([, version]) => version));
}

function container({ name, state, health, restarts, started }: NonNullable<HostFacts["docker"]>["containers"][number]) {
  const since = state === "running" ? new Date(started) : undefined;
  return {
    ...{ name, state, restarts },
    ...(health && { health }),
    ...(since && !Number.isNaN(since.getTime()) && { since: since.toISOString() }),
  };
}

/** A collector's pods end by themselves, so only those that run are shown. */
function pods(cluster: ClusterFacts): Containers {
  return objectsOfKind(cluster, "Pod")
    .filter(({ status: { phase } }) => phase !== "Succeeded" && phase !== "Failed")
    .map(({ metadata, status }) => {
      const waits = status.containerStatuses.map(({ state }) => state.waiting?.reason ?? state.terminated?.reason);
      const isReady = status.conditions.some((each) => each.type === "Ready" && each.status === "True");
      return {
        name: metadata.name,
        state: metadata.deletionTimestamp ? "Terminating" : (waits.find(Boolean) ?? status.phase),
        health: isReady ? "ready" : "not ready",
        restarts: status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
        ...(status.startTime && { since: new Date(status.startTime).toISOString() }),
      };
    });
}

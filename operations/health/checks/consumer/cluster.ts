import { shellWord } from "../../../../hosts/shell.ts";
import type { Check } from "../../check.ts";
import type { ClusterFacts, FluxFacts } from "../../consumers/cluster-facts.ts";
import type { Mends } from "../../mends.ts";

export type CheckedCluster = ClusterFacts & { where: string; context: string; mends: Mends };

export const cluster: readonly Check<CheckedCluster>[] = [
  {
    id: "pull-secret-missing",
    title: "each pull secret is in its namespace",
    run: ({ pullSecrets, where, mends }) =>
      pullSecrets
        .filter(({ isThere }) => !isThere)
        .map(({ namespace, name }) => ({
          problem: `Secret ${namespace}/${name}, which pods pull with, is not there`,
          ...{ where, affects: `pods in namespace ${namespace}`, fixable: false },
          ...{ cause: "somebody deleted it, or the namespace was made again", mend: mends.refresh },
        })),
  },
  {
    id: "pull-secret-outdated",
    title: "each pull secret has the account's password",
    run: ({ pullSecrets, where, mends }) =>
      pullSecrets
        .filter(({ isThere, isCurrent }) => isThere && !isCurrent)
        .map(({ namespace, name }) => ({
          problem: `Secret ${namespace}/${name}, which pods pull with, has another password than the stack gives out`,
          ...{ where, affects: `pods in namespace ${namespace}`, fixable: false, mend: mends.refresh },
        })),
  },
  {
    id: "pull-secret-not-used",
    title: "each pull secret is in its ServiceAccount",
    run: ({ pullSecrets, where, mends }) =>
      pullSecrets
        .filter(({ isInServiceAccount }) => isInServiceAccount === false)
        .map(({ namespace, name }) => ({
          problem: `ServiceAccount ${namespace}/default does not list the pull secret ${name}`,
          ...{ where, affects: `new pods in namespace ${namespace}`, fixable: false, mend: mends.up },
        })),
  },
  {
    id: "pipeline-config-missing",
    title: "the ConfigMap for pipelines is there",
    run: ({ pipelineConfig, where, mends }) =>
      pipelineConfig === undefined || pipelineConfig.isThere
        ? []
        : [
            {
              problem: `ConfigMap ${pipelineConfig.namespace}/${pipelineConfig.name} is not there`,
              ...{ where, affects: "pipelines, which read the registry's address there", fixable: false },
              mend: mends.refresh,
            },
          ],
  },
  {
    id: "flux-object-missing",
    title: "each Flux object is there",
    run: ({ flux, where, mends }) =>
      flux
        .filter(({ state }) => state !== "there")
        .map((object) => ({
          problem:
            object.state === "missing"
              ? `${nameOf(object)} is not there`
              : `the cluster does not know the kind ${object.kind}: Flux's image reflector is not installed`,
          ...{ where, affects: "what Flux deploys: it sees no new tags", fixable: false },
          mend: object.state === "missing" ? mends.refresh : `install Flux's image controllers, then: ${mends.refresh}`,
        })),
  },
  {
    id: "flux-object-suspended",
    title: "no Flux object is suspended",
    run: ({ flux, where, context }) =>
      flux
        .filter(({ isSuspended }) => isSuspended)
        .map((object) => ({
          problem: `${nameOf(object)} is suspended`,
          ...{ where, affects: "what Flux deploys: it sees no new tags", fixable: false },
          mend: `kubectl --context ${shellWord(context)} --namespace ${object.namespace} patch ${object.kind.toLowerCase()} ${object.name} --type merge --patch '{"spec":{"suspend":false}}'`,
        })),
  },
  {
    id: "flux-object-fails",
    title: "Flux reads the registry",
    followsFrom: ["no-connection", "no-answer", "container-not-running", "storage-does-not-answer", "name-unknown"],
    run: ({ flux, where, context }) =>
      flux
        .filter(({ notReady, isSuspended }) => notReady !== undefined && !isSuspended)
        .map((object) => ({
          problem: `${nameOf(object)} fails: ${object.notReady}`,
          ...{ where, affects: "what Flux deploys: it sees no new tags", fixable: false },
          mend: `mend what the message says; then see: kubectl --context ${shellWord(context)} --namespace ${object.namespace} describe ${object.kind.toLowerCase()} ${object.name}`,
        })),
  },
];

function nameOf({ kind, namespace, name }: FluxFacts): string {
  return `${kind} ${namespace}/${name}`;
}

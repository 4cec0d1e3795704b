import type { Log } from "../plugin/engine-log.ts";
import type { PropertyMap } from "../plugin/property.ts";
import { InitializationFailure, type LiveType, notSupported } from "../plugin/provider.ts";
import { type Cluster, objectName } from "./api/cluster.ts";
import { NoMatchError } from "./api/discovery.ts";
import { checkpoint, fromCheckpoint, plain, withSecretsOf } from "./checkpoint.ts";
import { said } from "./failures.ts";
import { managerOf } from "./field-managers.ts";
import { findObject } from "./find.ts";
import { isPatchOf, type Kind, kindOfToken } from "./kind.ts";
import { withName } from "./naming.ts";
import { normalized } from "./normalize.ts";
import { hasUnknown, idOf, type KubeObject, namespaceOf, textField, withField } from "./object.ts";
import { plan } from "./plan.ts";
import { removeObject } from "./remove.ts";
import { isSet, reachCluster } from "./settings.ts";
import { unfinishedCreation, unfinishedUpdate } from "./unfinished.ts";
import { awaitReady, retrySeconds } from "./wait/await-ready.ts";
import { createObject, isUnpreviewable, updateObject } from "./write.ts";

/**
 * A Kubernetes object of any kind that the API server knows.
 *
 * @see pulumi-kubernetes 4.32: provider/pkg/provider/provider.go
 */
export function kubernetesObject(token: string): LiveType {
  const type = kindOfToken(token);
  return {
    async check(given, { name, oldInputs, log }) {
      const reached = await reachCluster();
      if ("unreachable" in reached && isSet("skipUpdateUnreachable")) {
        await log.say("warning", "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...");
        return { inputs: oldInputs, failures: [] };
      }
      refuseOtherTypes(type, given);
      const inputs = withName(normalized(plain(given)), plain(oldInputs), name);
      const placed = "cluster" in reached ? await inNamespace(reached.cluster, inputs) : inputs;
      return { inputs: withSecretsOf(placed, given), failures: [] };
    },

    async diff({ state, inputs, ignoreChanges }) {
      const reached = await reachCluster();
      return plan(state, inputs, ignoreChanges, "cluster" in reached ? reached.cluster : undefined);
    },

    async create({ inputs: given, preview, timeoutSeconds, log }) {
      const reached = await reachCluster();
      const inputs = plain(given);
      const unpreviewed = { id: "", state: given };
      if ("unreachable" in reached) {
        if (preview) return unpreviewed;
        throw new Error(`configured Kubernetes cluster is unreachable: ${reached.unreachable}`);
      }
      const { cluster } = reached;
      if (preview && (hasUnknown(inputs) || !(await cluster.knows(inputs)))) return unpreviewed;

      const fieldManager = managerOf(inputs, "");
      const state = (live: KubeObject) =>
        checkpoint({ inputs, live, initialApiVersion: textField(inputs, "apiVersion"), fieldManager }, given);
      try {
        const written = await createObject(cluster, { inputs, fieldManager, preview }, log);
        // The status of a dry run must not become an input of other resources.
        if (preview) return { id: "", state: state(withField(written, undefined, "status")) };
        const live = await ready(cluster, written, { inputs, seconds: retrySeconds(timeoutSeconds, inputs), log });
        return { id: idOf(live), state: state(live) };
      } catch (error) {
        const existing = preview && said(error).includes("already exists");
        if (preview && (isUnpreviewable(error) || existing)) return unpreviewed;
        throw unfinishedCreation(error, inputs, state);
      }
    },

    async update({ state: old, inputs: given, preview, timeoutSeconds, ignoreChanges, log }) {
      const reached = await reachCluster();
      const inputs = normalized(plain(given));
      if ("unreachable" in reached) {
        if (preview) return given;
        throw new Error(`configured Kubernetes cluster is unreachable: ${reached.unreachable}`);
      }
      const { cluster } = reached;
      if (preview && (hasUnknown(inputs) || !(await cluster.knows(inputs)))) return given;

      const { live: before, initialApiVersion, fieldManager: manager } = fromCheckpoint(old);
      const fieldManager = managerOf(inputs, manager);
      const state = (live: KubeObject) => checkpoint({ inputs, live, initialApiVersion, fieldManager }, given);
      try {
        const written = await updateObject(cluster, before, { inputs, fieldManager, preview, ignoreChanges });
        if (preview) return state(written);
        return state(
          await ready(cluster, written, { inputs, before, seconds: retrySeconds(timeoutSeconds, inputs), log }),
        );
      } catch (error) {
        if (preview && isUnpreviewable(error)) return given;
        throw await unfinishedUpdate(error, cluster, before, state);
      }
    },

    async find(last) {
      const reached = await reachCluster();
      if ("cluster" in reached) return findObject(reached.cluster, type, last);
      if (isSet("deleteUnreachable")) return undefined;
      if (isSet("skipUpdateUnreachable")) return last;
      throw new Error(
        `configured Kubernetes cluster is unreachable: ${reached.unreachable}
failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"`,
      );
    },

    async delete({ id, state, timeoutSeconds, log }) {
      const reached = await reachCluster();
      if ("unreachable" in reached && isSet("deleteUnreachable")) return;
      if ("unreachable" in reached)
        throw new Error(
          `configured Kubernetes cluster is unreachable: ${reached.unreachable}
If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"`,
        );
      const { inputs, live } = fromCheckpoint(state);
      const name = { ...objectName(live), name: id.split("/").at(-1) ?? "" };
      const seconds = retrySeconds(timeoutSeconds, inputs);
      try {
        const left = await removeObject(reached.cluster, name, { inputs, seconds, log });
        if (left) throw new InitializationFailure("timed out waiting for the condition", { id, state }, []);
      } catch (error) {
        // Its CustomResourceDefinition was deleted before it, and the object with it.
        if (!(error instanceof NoMatchError)) throw error;
      }
    },
  };
}

function refuseOtherTypes(type: Kind, given: PropertyMap): void {
  const kind = textField(given, "kind");
  if (isPatchOf(type, kind)) throw notSupported("kubernetes", `the resource type ${type.apiVersion}:${type.kind}`);
  if (type.kind.endsWith("List") && kind === type.kind)
    throw new Error(
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. Use the underlying resource type instead",
    );
}

/** Adds the provider's default namespace if none is given. A kind that is not known yet is treated as namespaced. */
async function inNamespace(cluster: Cluster, inputs: KubeObject): Promise<KubeObject> {
  const kind = [textField(inputs, "apiVersion"), textField(inputs, "kind")] as const;
  if (namespaceOf(inputs) !== "" || (await cluster.isNamespaced(...kind)) === false) return inputs;
  return withField(inputs, cluster.namespace, "metadata", "namespace");
}

type RetryPolicy = { inputs: KubeObject; before?: KubeObject; seconds: number; log: Log };

async function ready(cluster: Cluster, written: KubeObject, retryPolicy: RetryPolicy): Promise<KubeObject> {
  const live = await awaitReady(cluster, written, retryPolicy);
  await retryPolicy.log.status("");
  return live;
}

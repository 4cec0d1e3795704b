import { setTimeout } from "node:timers/promises";
import { cancellation } from "../plugin/cancellation.ts";
import type { Log } from "../plugin/engine-log.ts";
import { type Cluster, objectName } from "./api/cluster.ts";
import { NoMatchError } from "./api/discovery.ts";
import { ApiError, isNotFound } from "./api/transport.ts";
import { applyFailure, creationFailure, said } from "./failures.ts";
import { creator, handOver, isOwnCreation, withIgnored } from "./field-managers.ts";
import { isDefinition } from "./normalize.ts";
import { annotation, type KubeObject, nameOf, textField, withField } from "./object.ts";
import { isSet } from "./settings.ts";

type Write = { inputs: KubeObject; fieldManager: string; preview: boolean };

const retries = 5;

/** Creates an object. Retries while its namespace or definition is missing, since the program may be creating it. */
export async function createObject(cluster: Cluster, write: Write, log: Log): Promise<KubeObject> {
  for (let attempt = 0, pauseMs = 1000; ; attempt++, pauseMs *= 2)
    try {
      return await createOnce(cluster, write);
    } catch (error) {
      const isWaiting = isNotFound(error) || error instanceof NoMatchError;
      if (!isWaiting || attempt === retries || write.preview) throw creationFailure(error);
      await log.status(`Retry #${attempt}; creation failed: ${said(error)}`);
      await setTimeout(pauseMs, undefined, { signal: cancellation });
    }
}

async function createOnce(cluster: Cluster, { inputs, fieldManager, preview }: Write): Promise<KubeObject> {
  if (!isSet("upsertExistingObjects")) return cluster.create(inputs, { dryRun: preview, fieldManager: creator });
  const options = { dryRun: preview, fieldManager, force: preview || forces(inputs) };
  try {
    return await cluster.apply(inputs, options);
  } catch (error) {
    if (!preview || !isImmutable(error)) throw applyFailure(error, fieldManager);
    // A replacement while the old object exists: previewed under another name.
    return cluster.apply(withField(inputs, `${nameOf(inputs)}-preview`, "metadata", "name"), options);
  }
}

function isImmutable(error: unknown): boolean {
  return error instanceof ApiError && error.reason === "Invalid" && error.message.includes("field is immutable");
}

/** Applies inputs to the object that the state knows. */
export async function updateObject(
  cluster: Cluster,
  old: KubeObject,
  { inputs, fieldManager, preview, ignoreChanges }: Write & { ignoreChanges: string[] },
): Promise<KubeObject> {
  const live = await cluster.get({ ...objectName(inputs), name: nameOf(old) });
  if (isDefinition(inputs)) {
    const version = textField(live, "metadata", "resourceVersion");
    const whole = withField(inputs, version, "metadata", "resourceVersion");
    return cluster.replace(whole, { dryRun: preview, fieldManager });
  }
  const owned = preview ? live : await handOver(cluster, live, fieldManager);
  const wanted = withIgnored(inputs, owned, fieldManager, ignoreChanges);
  const force = forces(inputs) || (preview && isOwnCreation(live));
  try {
    return await cluster.apply(wanted, { dryRun: preview, fieldManager, force });
  } catch (error) {
    throw applyFailure(error, fieldManager);
  }
}

function forces(inputs: KubeObject): boolean {
  return annotation(inputs, "pulumi.com/patchForce") === "true" || isSet("enablePatchForce");
}

/** Whether a dry run is impossible: not permitted, not supported, or the namespace does not exist yet. */
export function isUnpreviewable(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const dryRunless = error.code === 400 && error.message.includes("does not support dry run");
  return error.code === 403 || dryRunless || (error.code === 404 && error.kind === "namespaces");
}

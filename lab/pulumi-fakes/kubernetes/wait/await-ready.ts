import { setTimeout } from "node:timers/promises";
import { cancellation } from "../../plugin/cancellation.ts";
import type { Log } from "../../plugin/engine-log.ts";
import { type Cluster, objectName } from "../api/cluster.ts";
import { annotation, type KubeObject, kindOf, nameOf } from "../object.ts";
import type { Look } from "./look.ts";
import { type Readiness, readiness } from "./readiness.ts";
import { waitFor } from "./wait-for.ts";

/** The object exists and is not ready. */
export class NotReady extends Error {
  override readonly name = "NotReady";
  readonly live: KubeObject;
  readonly reasons: string[];

  constructor(message: string, live: KubeObject, reasons: string[]) {
    super(message);
    this.live = live;
    this.reasons = reasons;
  }
}

const lookEveryMs = 300;

export function skipsAwait(inputs: KubeObject): boolean {
  return annotation(inputs, "pulumi.com/skipAwait") === "true";
}

/** Time limit of an operation: customTimeouts, else the annotation, else ten minutes. */
export function retrySeconds(given: number, inputs: KubeObject): number {
  return given || Number.parseInt(annotation(inputs, "pulumi.com/timeoutSeconds"), 10) || 600;
}

type RetryPolicy = { inputs: KubeObject; before?: KubeObject; seconds: number; log: Log };

/** Waits until a written object is ready: by its waitFor annotation, else by the rules of its kind. */
export async function awaitReady(cluster: Cluster, written: KubeObject, retryPolicy: RetryPolicy): Promise<KubeObject> {
  if (skipsAwait(retryPolicy.inputs)) return written;
  const wanted = annotation(retryPolicy.inputs, "pulumi.com/waitFor");
  const kind = wanted === "" ? readiness[kindOf(written)] : waitFor(wanted);
  if (!kind) return written;
  return watch(cluster, written, kind, retryPolicy);
}

async function watch(
  cluster: Cluster,
  written: KubeObject,
  kind: Readiness,
  retryPolicy: RetryPolicy,
): Promise<KubeObject> {
  const { before, seconds, log } = retryPolicy;
  const started = Date.now();
  const name = nameOf(written);
  for (let told = ""; ; ) {
    const live = await cluster.get(objectName(written));
    const look = await kind.look(live, { cluster, before, waitedMs: Date.now() - started });
    if (look.ready) return live;
    if (look.failed) throw new NotReady(look.failed, live, look.problems);
    if (cancellation.aborted) throw new NotReady(`Resource operation was cancelled for "${name}"`, live, look.problems);
    if (Date.now() - started > seconds * 1000)
      throw new NotReady(kind.timedOut ?? `'${name}' timed out waiting to be Ready`, live, look.problems);
    told = await tell(look, told, log);
    await setTimeout(lookEveryMs);
  }
}

async function tell(look: Look, told: string, log: Log): Promise<string> {
  const line = look.problems[0] ?? look.status ?? "";
  if (line !== told) await log.status(line);
  return line;
}

/** Checks once whether an object is ready, for a refresh; throws if not. */
export async function checkReady(cluster: Cluster, live: KubeObject, inputs: KubeObject): Promise<void> {
  const kind = readiness[kindOf(live)];
  if (!kind?.inRefresh || skipsAwait(inputs)) return;
  const look = await kind.look(live, { cluster, before: live, waitedMs: Number.POSITIVE_INFINITY });
  if (!look.ready)
    throw new NotReady(`Resource '${nameOf(live)}' was created but failed to initialize`, live, look.problems);
}

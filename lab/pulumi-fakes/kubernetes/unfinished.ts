import type { PropertyMap } from "../plugin/property.ts";
import { InitializationFailure } from "../plugin/provider.ts";
import { type Cluster, objectName } from "./api/cluster.ts";
import { NoMatchError } from "./api/discovery.ts";
import { said } from "./failures.ts";
import { idOf, type KubeObject, textField } from "./object.ts";
import { NotReady } from "./wait/await-ready.ts";

/** The error of a failed creation. An object that exists but is not ready is stored in the state. */
export function unfinishedCreation(
  error: unknown,
  inputs: KubeObject,
  state: (live: KubeObject) => PropertyMap,
): Error {
  const what = `resource "${idOf(inputs)}"`;
  if (error instanceof NoMatchError)
    return new Error(
      `creation of ${what} with kind ${textField(inputs, "apiVersion")}/${textField(inputs, "kind")} failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${error.message}`,
    );
  if (!(error instanceof NotReady))
    return new Error(`${what} was not successfully created by the Kubernetes API server: ${said(error)}`);
  const message = `${what} was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: ${error.message}`;
  return new InitializationFailure(message, { id: idOf(error.live), state: state(error.live) }, error.reasons);
}

/** The error of a failed update. The live object is stored in the state, so that the next `up` tries again. */
export async function unfinishedUpdate(
  error: unknown,
  cluster: Cluster,
  before: KubeObject,
  state: (live: KubeObject) => PropertyMap,
): Promise<Error> {
  if (error instanceof NoMatchError)
    return new Error(
      `update of resource "${idOf(before)}" failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${error.message}`,
    );
  try {
    const live = await cluster.get(objectName(before));
    const message = `the Kubernetes API server reported that "${idOf(live)}" failed to fully initialize or become live: ${said(error)}`;
    const reasons = error instanceof NotReady ? error.reasons : [];
    return new InitializationFailure(message, { id: idOf(live), state: state(live) }, reasons);
  } catch (getError) {
    return new Error(
      `update of resource "${idOf(before)}" failed: ${said(error)}\nunable to get cluster state: ${said(getError)}`,
    );
  }
}

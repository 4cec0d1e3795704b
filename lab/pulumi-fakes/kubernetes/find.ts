import { type Found, InitializationFailure } from "../plugin/provider.ts";
import { type Cluster, type ObjectName, objectName } from "./api/cluster.ts";
import { NoMatchError } from "./api/discovery.ts";
import { isNotFound } from "./api/transport.ts";
import { checkpoint, fromCheckpoint, plain, pruned, withSecretsOf } from "./checkpoint.ts";
import { managerOf } from "./field-managers.ts";
import type { Kind } from "./kind.ts";
import { normalized } from "./normalize.ts";
import { type KubeObject, textField, withField } from "./object.ts";
import { checkReady, NotReady } from "./wait/await-ready.ts";

/** Reads an object from the cluster; nothing if it or its kind does not exist. */
export async function findObject(cluster: Cluster, type: Kind, last: Found): Promise<Found | undefined> {
  const { inputs: known, state } = last;
  const { initialApiVersion, fieldManager, live: before } = fromCheckpoint(state);
  const [namespace, name] = last.id.includes("/") ? last.id.split("/") : ["", last.id];
  const given = plain(known);
  const kind = [given, before].map(objectName).find(({ kind }) => kind !== "");
  const fresh = kind === undefined;
  const { apiVersion, kind: kindName } = kind ?? type;
  const where = { apiVersion, kind: kindName, namespace: namespace ?? "", name: name ?? "" };
  try {
    const live = await cluster.get(where);
    const asked = normalized(textField(given, "kind") === "" && !fresh ? asRead(where) : given);
    const inputs = fresh ? importable(live) : pruned(live, asked);
    const result = {
      id: last.id,
      inputs: withSecretsOf(inputs, known),
      state: checkpoint(
        {
          inputs,
          live,
          initialApiVersion: initialApiVersion || apiVersion,
          fieldManager: managerOf(asked, fieldManager),
        },
        known,
      ),
    };
    if (fresh) return result;
    await checkReady(cluster, live, asked).catch((error) => {
      if (!(error instanceof NotReady)) throw error;
      throw new InitializationFailure(error.message, result, error.reasons);
    });
    return result;
  } catch (error) {
    if (isNotFound(error) || error instanceof NoMatchError) return undefined;
    throw error;
  }
}

/** The inputs of an object that the program only reads: its identity. */
function asRead({ apiVersion, kind, namespace, name }: ObjectName): KubeObject {
  return { apiVersion, kind, metadata: namespace === "" ? { name } : { name, namespace } };
}

/** The inputs of an imported object: everything but its status. */
function importable(live: KubeObject): KubeObject {
  return normalized(withField(live, undefined, "status"));
}

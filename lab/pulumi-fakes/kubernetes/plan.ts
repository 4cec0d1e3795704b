import { type Difference, difference } from "../plugin/difference.ts";
import type { PropertyMap, PropertyValue } from "../plugin/property.ts";
import type { Planned } from "../plugin/provider.ts";
import type { Cluster } from "./api/cluster.ts";
import { fromCheckpoint, plain, pruned } from "./checkpoint.ts";
import { forceNewFields, stepsOf, touches } from "./force-new.ts";
import { isAutonamed, isNamed } from "./naming.ts";
import { normalized } from "./normalize.ts";
import { type KubeObject, nameOf, namespaceOf, textField, withField } from "./object.ts";

/** The difference between the live object, limited to fields of the old inputs, and the new inputs. */
export async function plan(
  state: PropertyMap,
  inputs: PropertyMap,
  ignoreChanges: string[],
  cluster: Cluster | undefined,
): Promise<Planned> {
  const { inputs: asked, live } = fromCheckpoint(state);
  // A kind that is not known yet is treated as namespaced.
  const given = plain(inputs);
  const kind = [textField(given, "apiVersion"), textField(given, "kind")] as const;
  const namespaced = (await cluster?.isNamespaced(...kind)) ?? true;
  const now = placed(normalized(given), namespaced);
  const before = placed(named(pruned(live, normalized(asked)), now, live), namespaced);

  const changes = withoutIgnored(difference(before, now), ignoreChanges);
  const fields = forceNewFields(now);
  const replaces = (path: string) => touches(path, at(now, stepsOf(path)), fields);
  const sameName = nameOf(now) === nameOf(live) && namespaceOf(now) === namespaceOf(placed(live, namespaced));
  const deleteBeforeReplace = [...changes.keys()].some(replaces) && isNamed(now) && !isAutonamed(now) && sameName;
  return { changes, replaces, deleteBeforeReplace };
}

function placed(object: KubeObject, namespaced: boolean): KubeObject {
  return withField(object, namespaced ? namespaceOf(object) || "default" : undefined, "metadata", "namespace");
}

function named(before: KubeObject, now: KubeObject, live: KubeObject): KubeObject {
  return nameOf(now) === "" ? before : withField(before, nameOf(live), "metadata", "name");
}

function withoutIgnored(changes: Difference, ignoreChanges: string[]): Difference {
  const ignored = ignoreChanges.map(stepsOf);
  const isIgnored = (path: string) => {
    const steps = stepsOf(path);
    return ignored.some((prefix) => prefix.every((step, index) => step === steps[index] || step === "*"));
  };
  return new Map([...changes].filter(([path]) => !isIgnored(path)));
}

function at(value: PropertyValue | undefined, steps: string[]): PropertyValue | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  return at(Array.isArray(value) ? value[Number(step)] : value[step], rest);
}

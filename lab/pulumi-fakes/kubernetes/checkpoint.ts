import { isMap, isSecret, type PropertyMap, type PropertyValue, reveal, secret } from "../plugin/property.ts";
import { type KubeObject, textField } from "./object.ts";

/** The parts of an object's state. */
type Checkpoint = {
  /** The program's inputs. */
  inputs: KubeObject;
  /** The object in the cluster. */
  live: KubeObject;
  initialApiVersion: string;
  fieldManager: string;
};

/** The state of an object; values that are secret in the inputs are secret in it. */
export function checkpoint(
  { inputs, live, initialApiVersion, fieldManager }: Checkpoint,
  from: PropertyMap,
): PropertyMap {
  const object = withSecretsOf(renamed(live, dashes, underscores), from);
  return {
    ...object,
    __inputs: withSecretsOf(renamed(inputs, dashes, underscores), from),
    __initialApiVersion: initialApiVersion,
    __fieldManager: fieldManager,
  };
}

/** Reads a state, with secrets unwrapped. */
export function fromCheckpoint(state: PropertyMap): Checkpoint {
  const { __inputs, __initialApiVersion, __fieldManager, ...live } = plain(state);
  const inputs = isMap(__inputs) ? __inputs : {};
  return {
    inputs,
    live,
    initialApiVersion: typeof __initialApiVersion === "string" ? __initialApiVersion : textField(inputs, "apiVersion"),
    fieldManager: typeof __fieldManager === "string" ? __fieldManager : "",
  };
}

/** A program's properties in the form of the API server. */
export function plain(properties: PropertyMap): KubeObject {
  const revealed = reveal(properties);
  return isMap(revealed) ? renamed(revealed, underscores, dashes) : {};
}

/** Marks outputs as secret that are secret in the inputs, and the contents of a Secret in any case. */
export function withSecretsOf(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  if (outputs.kind === "Secret") return secretContents(outputs);
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      const input = inputs[key];
      if (isMap(value) && isMap(input)) return [key, withSecretsOf(value, input)];
      return [key, holdsSecret(input) ? secret(value) : value];
    }),
  );
}

function secretContents(outputs: PropertyMap): PropertyMap {
  const hidden = Object.entries(outputs).filter(([key]) => key === "data" || key === "stringData");
  return { ...outputs, ...Object.fromEntries(hidden.map(([key, value]) => [key, secret(value)])) };
}

function holdsSecret(value: PropertyValue | undefined): boolean {
  if (value === undefined) return false;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isSecret(value) || (isMap(value) && Object.values(value).some(holdsSecret));
}

/** The live object without the fields that the inputs do not have. */
export function pruned(live: PropertyMap, shape: PropertyMap): PropertyMap {
  const asked = Object.entries(live).filter(([key]) => key in shape);
  return Object.fromEntries(asked.map(([key, value]) => [key, prunedValue(value, shape[key])]));
}

function prunedValue(value: PropertyValue, shape: PropertyValue | undefined): PropertyValue {
  if (isMap(value) && isMap(shape)) return pruned(value, shape);
  if (!Array.isArray(value) || !Array.isArray(shape)) return value;
  return value.map((item, index) => (index < shape.length ? prunedValue(item, shape[index]) : item));
}

/** Fields of CustomResourceDefinitions whose names SDKs write with underscores. */
const underscores = [
  ...["embedded_resource", "int_or_string", "list_map_keys", "list_type", "map_type"],
  ...["preserve_unknown_fields", "validations"],
].map((name) => `x_kubernetes_${name}`);
const dashes = underscores.map((name) => name.replaceAll("_", "-"));

function renamed(map: PropertyMap, from: string[], to: string[]): PropertyMap {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [to[from.indexOf(key)] ?? key, renamedValue(value, from, to)]),
  );
}

function renamedValue(value: PropertyValue, from: string[], to: string[]): PropertyValue {
  if (Array.isArray(value)) return value.map((item) => renamedValue(item, from, to));
  return isMap(value) ? renamed(value, from, to) : value;
}

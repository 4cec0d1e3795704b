import { isMap, isSecret, type PropertyMap, type PropertyValue, reveal, secret } from "../plugin/property.ts";
import { type KubeObject, textField } from "./object.ts";

/** What the state of an object holds beside the object as it lives. */
type Checkpoint = {
  /** What was asked for. */
  inputs: KubeObject;
  /** What is there. */
  live: KubeObject;
  initialApiVersion: string;
  fieldManager: string;
};

/** The state, with everything secret that was so in the program's inputs. */
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

/** What a state holds, no secret wrapped. */
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

/** Properties of a program as the API server takes them. */
export function plain(properties: PropertyMap): KubeObject {
  const revealed = reveal(properties);
  return isMap(revealed) ? renamed(revealed, underscores, dashes) : {};
}

/** Outputs with what is secret in the inputs; the contents of a Secret are so in any case. */
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

/** The live object in the shape of what was asked for, without what the cluster itself filled in. */
export function pruned(live: PropertyMap, shape: PropertyMap): PropertyMap {
  const asked = Object.entries(live).filter(([key]) => key in shape);
  return Object.fromEntries(asked.map(([key, value]) => [key, prunedValue(value, shape[key])]));
}

function prunedValue(value: PropertyValue, shape: PropertyValue | undefined): PropertyValue {
  if (isMap(value) && isMap(shape)) return pruned(value, shape);
  if (!Array.isArray(value) || !Array.isArray(shape)) return value;
  return value.map((item, index) => (index < shape.length ? prunedValue(item, shape[index]) : item));
}

/** Fields of CRDs whose names no SDK can spell. */
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

import { difference } from "../plugin/difference.ts";
import {
  isUnknown,
  type PropertyMap,
  type PropertyValue,
  reveal,
  revealAll,
  secret,
  unknown,
} from "../plugin/property.ts";
import type { Failure, ResourceType } from "../plugin/provider.ts";

/** One input of a resource that the official plugin takes from a Terraform provider. */
export type Input = {
  required?: true;
  /** The value in the state if the input is not given. @default none */
  default?: PropertyValue;
  /** What a change does: `replace` generates a new resource, `update` only stores the new value. */
  change: "replace" | "update";
  /** Whether the Terraform provider marks it as sensitive. @default false */
  secret?: true;
  /** The error for a known value; nothing if it is valid. */
  problem?: (value: PropertyValue) => string | undefined;
};

export type BridgedKind = {
  /** The official plugin's name, for errors about unsupported inputs. */
  provider: string;
  inputs: Record<string, Input>;
  /**
   * Of the state, in the Terraform provider. A state without it counts as version 0, and is converted each time that the
   * official plugin reads it: a password gets another bcrypt hash. @default 0, which is not written down
   *
   * @see pulumi-terraform-bridge 3.135.0: pkg/pf/tfbridge/resource_state.go, updateMeta
   */
  schemaVersion?: number;
  /** Computed properties: unknown in a preview. */
  outputs: Record<string, { secret?: true }>;
  /** Errors that concern several inputs. */
  problems?: (inputs: PropertyMap) => Failure[];
  /** Inputs derived from other inputs, for the state. */
  complete?: (inputs: PropertyMap) => PropertyMap;
  generate(inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }>;
  /** The output that became true with time: a diff then replaces the resource, and a refresh reports it. */
  aged?: (state: PropertyMap) => string | undefined;
};

/**
 * A resource that is generated once, and again when one of its inputs changes.
 *
 * @see pulumi-terraform-bridge: pkg/pf/tfbridge, which plans in every diff, so that time passing is noticed by an
 *   ordinary `up`, not by `refresh` alone
 */
export function bridgedResource(kind: BridgedKind): ResourceType {
  const completed = (given: PropertyMap): PropertyMap => {
    const inputs = revealAll(given);
    const defaults = Object.entries(kind.inputs).flatMap(([key, input]) =>
      input.default === undefined ? [] : [[key, input.default] as const],
    );
    return { ...Object.fromEntries(defaults), ...inputs, ...kind.complete?.(inputs) };
  };
  const stateOf = (inputs: PropertyMap, outputs: PropertyMap): PropertyMap =>
    withSecrets(kind, { ...inputs, ...outputs });
  const storedState = (inputs: PropertyMap, outputs: PropertyMap): PropertyMap => ({
    ...stateOf(inputs, outputs),
    ...(kind.schemaVersion && { __meta: JSON.stringify({ schema_version: String(kind.schemaVersion) }) }),
  });

  return {
    check(inputs) {
      return { inputs: withSecrets(kind, inputs), failures: failures(kind, inputs) };
    },

    diff({ state: given, inputs }) {
      const state = revealAll(given);
      const planned = completed(inputs);
      const olds = Object.fromEntries(Object.keys(kind.inputs).map((key) => [key, state[key] ?? null]));
      const changes = difference(olds, planned);
      const aged = kind.aged?.({ ...state, ...planned });
      if (aged !== undefined) changes.set(aged, "update");
      return { changes, replaces: (path) => kind.inputs[path.split(/[.[]/, 1)[0] ?? ""]?.change !== "update" };
    },

    async create({ inputs, preview }) {
      const planned = completed(inputs);
      if (preview) return { id: "", state: stateOf(planned, unknownOutputs(kind)) };
      const { id, outputs } = await kind.generate(planned);
      return { id, state: storedState(planned, outputs) };
    },

    async update({ state, inputs }) {
      const outputs = Object.entries(state).filter(([key]) => key in kind.outputs || key === "id");
      return storedState(completed(inputs), Object.fromEntries(outputs));
    },

    read(state) {
      const aged = kind.aged?.(state);
      return storedState(state, aged === undefined ? {} : { [aged]: true });
    },
  };
}

function failures(kind: BridgedKind, inputs: PropertyMap): Failure[] {
  const found: Failure[] = [];
  for (const [property, value] of Object.entries(inputs)) {
    const input = kind.inputs[property];
    if (!input) found.push({ property, reason: `not supported by the lab's fake for ${kind.provider}` });
    const reason = isUnknown(value) || value === null ? undefined : input?.problem?.(reveal(value));
    if (reason !== undefined) found.push({ property, reason });
  }
  for (const [property, { required }] of Object.entries(kind.inputs))
    if (required && (inputs[property] ?? null) === null) found.push({ property, reason: "Missing required argument" });
  return [...found, ...(kind.problems?.(inputs) ?? [])];
}

function withSecrets(kind: BridgedKind, properties: PropertyMap): PropertyMap {
  const isSecret = (key: string) => (kind.inputs[key] ?? kind.outputs[key])?.secret === true;
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, isSecret(key) ? secret(value) : value]),
  );
}

function unknownOutputs(kind: BridgedKind): PropertyMap {
  return Object.fromEntries(Object.keys(kind.outputs).map((key) => [key, unknown]));
}

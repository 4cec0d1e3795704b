import type { Difference } from "./difference.ts";
import type { Log } from "./engine-log.ts";
import type { PropertyMap } from "./property.ts";

/** A plugin: the resource types it serves, by token. */
export type Provider = {
  name: string;
  /** Of the official plugin whose contract this one keeps. */
  version: string;
  /** Whether secrets reach it wrapped. Where not, the engine marks outputs that share an input's name. */
  acceptsSecrets: boolean;
  resources: Record<string, ResourceType>;
};

/** One resource type. What it does not define, the engine is told it cannot do. */
export type ResourceType = {
  /** Inputs with defaults filled in, and what is wrong with them. */
  check(inputs: PropertyMap): Checked;
  diff(request: DiffRequest): Planned;
  create(request: CreateRequest): Promise<Created>;
  update(request: UpdateRequest): Promise<PropertyMap>;
  /** @default the state as it is: nothing is looked at */
  read?(state: PropertyMap): PropertyMap;
  /** @default nothing to undo */
  delete?(request: DeleteRequest): Promise<void>;
};

export type Checked = { inputs: PropertyMap; failures: Failure[] };
export type Failure = { property: string; reason: string };
export type DiffRequest = { oldInputs: PropertyMap; state: PropertyMap; inputs: PropertyMap };
export type Planned = { changes: Difference; replaces: (path: string) => boolean };
type CreateRequest = { name: string; inputs: PropertyMap; preview: boolean; log: Log };
type Created = { id: string; state: PropertyMap };
type UpdateRequest = { state: PropertyMap; inputs: PropertyMap; preview: boolean; log: Log };
type DeleteRequest = { state: PropertyMap; log: Log };

/** Where the contract of the official plugin ends for us. */
export function notSupported(provider: Provider["name"], what: string): Error {
  return new Error(`${what}: not supported by the lab's stand-in for pulumi-resource-${provider}`);
}

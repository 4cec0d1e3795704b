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
  resources: Record<string, ResourceType> | ((token: string) => LiveType);
  /** What the stack says of the provider itself. @default nothing matters */
  settings?: ProviderSettings;
};

/** Settings of a provider, under `<name>:` in the stack file or in its own resource. */
export type ProviderSettings = {
  /** What is wrong with them. */
  check(inputs: PropertyMap): Failure[];
  /** Which of them changed, and for which the provider is another one: all its resources are then replaced. */
  diff(olds: PropertyMap, news: PropertyMap): Promise<ChangedSettings>;
  /** Takes them over, each as text, before the first resource. */
  configure(variables: Record<string, string>): void;
};

export type ChangedSettings = { changes: string[]; replaces: string[] };

/** A resource type whose state is stored by Pulumi alone. */
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

/** A resource type whose every operation asks a remote API. */
export type LiveType = {
  check(inputs: PropertyMap, context: CheckContext): Promise<Checked>;
  diff(request: DiffRequest & IgnoredChanges): Promise<Planned>;
  create(request: CreateRequest & TimeLimit): Promise<Created>;
  update(request: UpdateRequest & TimeLimit & IgnoredChanges): Promise<PropertyMap>;
  /** Nothing if the resource does not exist. Without inputs and state it is looked up by its id. */
  find(request: Found): Promise<Found | undefined>;
  delete(request: DeleteRequest & TimeLimit & { id: string }): Promise<void>;
};

type CheckContext = {
  /** In the program. */
  name: string;
  /** Empty the first time. */
  oldInputs: PropertyMap;
  log: Log;
};
export type Checked = { inputs: PropertyMap; failures: Failure[] };
export type Failure = { property: string; reason: string };
export type DiffRequest = { oldInputs: PropertyMap; state: PropertyMap; inputs: PropertyMap };
export type Planned = {
  changes: Difference;
  replaces: (path: string) => boolean;
  /** @default the new one comes first */
  deleteBeforeReplace?: boolean;
};
type CreateRequest = { name: string; inputs: PropertyMap; preview: boolean; log: Log };
export type Created = { id: string; state: PropertyMap };
type UpdateRequest = { state: PropertyMap; inputs: PropertyMap; preview: boolean; log: Log };
type DeleteRequest = { state: PropertyMap; log: Log };
/** 0 is for none given. */
type TimeLimit = { timeoutSeconds: number };
type IgnoredChanges = { ignoreChanges: string[] };
export type Found = { id: string; inputs: PropertyMap; state: PropertyMap };

/** The error for everything that a fake does not implement. */
export function notSupported(provider: Provider["name"], what: string): Error {
  return new Error(`${what}: not supported by the lab's fake for pulumi-resource-${provider}`);
}

/** The resource exists but is not ready: it is stored in the state, and the next `up` updates it. */
export class InitializationFailure extends Error {
  override readonly name = "InitializationFailure";
  readonly found: Created & { inputs?: PropertyMap };
  readonly reasons: string[];

  constructor(message: string, found: Created & { inputs?: PropertyMap }, reasons: string[]) {
    super(message);
    this.found = found;
    this.reasons = [message, ...reasons];
  }
}

import * as pulumi from "@pulumi/pulumi";

/** A step into a list or a group of keys. */
export type Path = readonly (string | number)[];

/**
 * Stands for a value that a preview does not know yet. No schema accepts a symbol, so each of these is a problem at its
 * own path, and rules that concern it and other values are not checked.
 */
export const unknownValue = Symbol("known after up");

/** What a component was given, once every output in it has resolved. */
export type ResolvedInputs = {
  /** Plain values, with `unknownValue` where a preview does not know one. */
  values: Record<string, unknown>;
  /** Paths of values that are known only during `up`. */
  unknown: Path[];
  /** Paths of values that Pulumi encrypts in the state. */
  secret: Path[];
  /** The resources that each key's value depends on. */
  resources: Record<string, pulumi.Resource[]>;
};

/** Waits for the outputs in a component's inputs. */
export async function resolveInputs(inputs: pulumi.Inputs): Promise<ResolvedInputs> {
  const found: Found = { unknown: [], secret: [], resources: new Set() };
  const values: Record<string, unknown> = {};
  const resources: Record<string, pulumi.Resource[]> = {};
  for (const [key, input] of Object.entries(inputs)) {
    const ofKey: Found = { ...found, resources: new Set() };
    const value = await resolved(input, [key], ofKey);
    if (value !== undefined) values[key] = value;
    resources[key] = [...ofKey.resources];
  }
  return { values, unknown: found.unknown, secret: found.secret, resources };
}

type Found = { unknown: Path[]; secret: Path[]; resources: Set<pulumi.Resource> };

/** The SDK's outputs have these members, which its published types leave out. */
type Inspected = {
  promise(withUnknowns: boolean): Promise<unknown>;
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  resources(): Set<pulumi.Resource>;
  allResources?(): Promise<Set<pulumi.Resource>>;
};

async function resolved(input: unknown, path: Path, found: Found): Promise<unknown> {
  if (pulumi.Output.isInstance(input)) return resolvedOutput(input as unknown as Inspected, path, found);
  if (pulumi.isUnknown(input)) {
    found.unknown.push(path);
    return unknownValue;
  }
  if (Array.isArray(input)) return Promise.all(input.map((each, index) => resolved(each, [...path, index], found)));
  if (typeof input !== "object" || input === null) return input;
  const entries = Object.entries(input).map(async ([key, each]) => [key, await resolved(each, [...path, key], found)]);
  const resolvedEntries = await Promise.all(entries);
  return Object.fromEntries(resolvedEntries.filter(([, value]) => value !== undefined));
}

async function resolvedOutput(output: Inspected, path: Path, found: Found): Promise<unknown> {
  if (await output.isSecret) found.secret.push(path);
  for (const resource of (await output.allResources?.()) ?? output.resources()) found.resources.add(resource);
  const value = await output.promise(true);
  const known = (await output.isKnown) || pulumi.containsUnknowns(value);
  return resolved(known ? value : pulumi.unknown, path, found);
}

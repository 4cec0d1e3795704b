import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { PulumiStack } from "../../../lab/engine/pulumi-stack.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";

/** A file or directory of a machine. */
export type RecordedFile = { type: "d" | "f"; mode: string; owner: string; path: string; text?: string };

export type Resource = {
  urn: string;
  id?: string;
  type: string;
  /** Whether the resource was only read, not created by the stack. */
  external?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
};

/** The output of `pulumi stack export`. */
export type State = { version: number; deployment: { resources: Resource[]; [other: string]: unknown } };

/** What the program's version 0.1 left after an `up`: version-0.1/README.md says how it was recorded. */
export type Recorded = {
  /** The stack file. */
  config: Record<string, unknown>;
  state: State;
  /** By the machine's role; none in a recording of a cluster. */
  machines?: Record<string, RecordedFile[]>;
};

/** The placeholders in a recording, such as `@PORT@`, with their values in this run. */
export type Values = Record<`@${string}@`, string | number>;

/** The key by which Pulumi marks a value in a state as a secret. */
const secretSignature = "4dabf18193072939515e22adb298388d";

/** Reads a recording, with this run's ports, keys and image ids in it. */
export async function recorded<T extends Recorded>(name: string, values: Values): Promise<T> {
  const text = await readFile(new URL(`version-0.1/${name}.json`, import.meta.url), "utf8");
  const whole = filled(JSON.parse(text), values) as T;
  for (const resource of whole.state.deployment.resources) completeOutputs(resource);
  return whole;
}

/** Imports the recorded state into the stack. Its secrets are encrypted with the stack's own passphrase. */
export async function importRecorded(stack: PulumiStack, name: string, { version, deployment }: State): Promise<void> {
  const file = await readFile(join(stack.stateDir, "settings", `Pulumi.${name}.yaml`), "utf8");
  const secrets_providers = { type: "passphrase", state: { salt: parse(file).encryptionsalt } };
  await stack.importState(withSecretTexts({ version, deployment: { ...deployment, secrets_providers } }));
}

/** Writes recorded files to a machine, and the checksums of those that have this run's values in them. */
export async function writeFiles(machine: Machine, files: readonly RecordedFile[]): Promise<void> {
  const sums = new Map(files.map(({ path, text = "" }) => [path, createHash("sha256").update(text).digest("hex")]));
  const lines = files.map(({ type, mode, owner, path, text = "" }) => {
    const summed = path.endsWith("/manifest") ? withSums(text, sums) : text;
    return `${type} ${mode} ${owner} ${path} ${Buffer.from(summed).toString("base64")}`;
  });
  await machine.run(
    `while read -r type mode owner path text; do
       case $type in
       d) mkdir -p "$path" ;;
       f) printf %s "$text" | base64 -d >"$path" ;;
       esac
       chown "$owner" "$path"
       chmod "$mode" "$path"
     done`,
    { input: `${lines.join("\n")}\n` },
  );
}

/** The type, mode, owner and path of all files and directories below these paths, followed by the files' checksums. */
export function filesBelow(machine: Machine, ...paths: string[]): Promise<string> {
  return machine.run(
    `find "$@" -printf '%y %m %U:%G %p\\n' | LC_ALL=C sort -k 4
     find "$@" -type f -exec sha256sum {} + | LC_ALL=C sort -k 2`,
    { args: paths },
  );
}

/** URN and id of every resource of a state. */
export function identities(state: unknown): string[] {
  return (state as State).deployment.resources.map(({ urn, id = "" }) => `${urn} ${id}`).sort();
}

function filled(value: unknown, values: Values): unknown {
  if (typeof value === "string") {
    const whole = values[value as `@${string}@`];
    if (whole !== undefined) return whole;
    return Object.entries(values).reduce((text, [name, known]) => text.replaceAll(name, String(known)), value);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(filled(key, values)), filled(item, values)]),
  );
}

/** Adds the outputs that a recording leaves out, because they are equal to the inputs of the same name. */
function completeOutputs(resource: Resource): void {
  if (resource.type.startsWith("kubernetes:") || resource.inputs === undefined) return;
  resource.outputs = { ...resource.inputs, ...resource.outputs };
}

/** In a recording a secret is a value; in a state it is JSON text. */
function withSecretTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSecretTexts);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecretTexts(item)]));
  if (secretSignature in copy && "plaintext" in copy) return { ...copy, plaintext: JSON.stringify(copy.plaintext) };
  return copy;
}

function withSums(manifest: string, sums: ReadonlyMap<string, string>): string {
  return manifest.replace(/^sum [0-9a-f]{64} (.+)$/gm, (line, path) => {
    const sum = sums.get(path);
    return sum === undefined ? line : `sum ${sum} ${path}`;
  });
}

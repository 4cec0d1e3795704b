import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The keys by which a state marks a value that is not plain JSON, and what a secret says. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

type Resource = {
  urn: string;
  type: string;
  custom: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  parent?: string;
  provider?: string;
  additionalSecretOutputs?: string[];
};

/**
 * Writes the program that a person would write who knows every input: one statement for each resource of the exported state, its
 * inputs constants, without a library besides Pulumi's SDK. Its project has the stack's own project name, so that it continues
 * the same state.
 */
export async function writePlainProgram(folder: string, project: string, state: unknown): Promise<void> {
  const { resources } = (state as { deployment: { resources: Resource[] } }).deployment;
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const own = resources.filter(({ type }) => !type.startsWith("pulumi:"));
  const lines = [
    'import * as pulumi from "@pulumi/pulumi";',
    "const created = {};",
    ...own.map((resource) => statement(resource, stack?.urn)),
    `export default ${expression(stack?.outputs ?? {})};`,
  ];
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "Pulumi.yaml"),
    JSON.stringify({ name: project, runtime: { name: "nodejs", options: { typescript: false } }, main: "index.js" }),
  );
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(folder, "index.js"), `${lines.join("\n")}\n`);
}

function statement(resource: Resource, stackUrn: string | undefined): string {
  const { urn, type, custom, inputs, outputs, parent, provider, additionalSecretOutputs } = resource;
  const options = [
    ...(parent !== undefined && parent !== stackUrn ? [`parent: created[${JSON.stringify(parent)}]`] : []),
    ...(provider ? [`version: ${JSON.stringify(providerVersion(provider))}`] : []),
    ...(additionalSecretOutputs ? [`additionalSecretOutputs: ${JSON.stringify(additionalSecretOutputs)}`] : []),
  ];
  const name = JSON.stringify(urn.split("::").at(-1));
  const rest = `{ ${options.join(", ")} })`;
  const created = `created[${JSON.stringify(urn)}]`;
  if (custom)
    return `${created} = new pulumi.CustomResource(${JSON.stringify(type)}, ${name}, ${expression(inputs ?? {})}, ${rest};`;
  return `${created} = new pulumi.ComponentResource(${JSON.stringify(type)}, ${name}, {}, ${rest};
${created}.registerOutputs(${expression(outputs ?? {})});`;
}

/** The version in `urn:…::pulumi:providers:command::default_1_2_1::ID`. Throws for a provider that a program configured. */
function providerVersion(reference: string): string {
  const version = /::default_(\d+)_(\d+)_(\d+)::/.exec(reference)?.slice(1).join(".");
  if (version === undefined) throw new Error(`not a default provider: ${reference}`);
  return version;
}

/** A state's value as JavaScript. */
function expression(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (signature in value) return `pulumi.secret(${expression(secretOf(value))})`;
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${expression(item)}`)
    .join(", ")} }`;
}

function secretOf(value: object): unknown {
  const { [signature]: kind, plaintext } = value as { [signature]: string; plaintext?: string };
  if (kind !== secretSignature || plaintext === undefined) throw new Error(`a value of kind ${kind} has no constant`);
  return JSON.parse(plaintext);
}

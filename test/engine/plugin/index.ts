import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** A component as its generated SDK registers it, which tells the engine the names of the outputs, too. */
class PackageResource extends pulumi.ComponentResource {
  constructor(type: string, name: string, inputs: pulumi.Inputs, outputs: readonly string[]) {
    const awaited = Object.fromEntries(outputs.map((output) => [output, undefined]));
    super(`container-registry:index:${type}`, name, { ...inputs, ...awaited }, {}, true);
  }

  output(name: string): pulumi.Output<unknown> {
    return (this as unknown as Record<string, pulumi.Output<unknown>>)[name] ?? pulumi.output(undefined);
  }
}

type Component = { name: string; type: string; inputs: object; outputs: string[] };

const config = new pulumi.Config();
const created = new Map<string, PackageResource>();
for (const { name, type, inputs, outputs } of config.requireObject<Component[]>("components"))
  created.set(name, new PackageResource(type, name, filled(inputs) as pulumi.Inputs, outputs));

/** Replaces what the stack file cannot contain: secrets, other components' outputs, and values that a preview does not know. */
function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== "object" || value === null) return value;
  const { $secret, $output, $unknown } = value as Record<string, string | undefined>;
  if ($secret !== undefined) return config.requireSecret($secret);
  if ($unknown !== undefined) return new local.Command($unknown, { create: `printf %s '${$unknown}'` }).stdout;
  if ($output !== undefined) {
    const [component = "", output = ""] = $output.split(".");
    return created.get(component)?.output(output);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each)]));
}

export default Object.fromEntries(
  config.getObject<string[]>("shown")?.map((path) => [path, filled({ $output: path })]) ?? [],
);

import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import type { PackageComponent } from "./component.ts";
import { checkInputs } from "./inputs/check-inputs.ts";
import { givenEndpoint } from "./inputs/endpoint.ts";
import { type Path, resolveInputs } from "./inputs/resolve-inputs.ts";
import { wrappedSecrets } from "./inputs/secret-inputs.ts";
import { typeToken } from "./type-token.ts";

/** The resource that a program has created. What it consists of are its children: the components of `components/`. */
class Packaged extends pulumi.ComponentResource {
  constructor(type: string, name: string, opts: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    this.registerOutputs();
  }
}

/** Creates a component for a program, after it has checked the inputs. */
export async function construct<Checked>(
  component: PackageComponent<Checked>,
  name: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<{ urn: pulumi.Output<string>; state: pulumi.Inputs }> {
  const given = await resolveInputs(inputs);
  const checked = checkInputs(component, name, given);

  // The resources get plain values, so the component itself depends on what the values come from.
  const dependsOn = [options.dependsOn ?? [], Object.values(given.resources)].flat(2) as pulumi.Resource[];
  const parent = new Packaged(typeToken(component.name), name, { ...options, dependsOn });
  if (checked === undefined) return { urn: parent.urn, state: unknownOutputs(component, parent, given.unknown) };

  const { hex } = new RandomId(`${name}-owner`, { byteLength: 8 }, { parent });
  const takeOverFrom = (given.values.takeOverFrom ?? []) as string[];
  const state = await component.create({
    name,
    checked,
    secrets: wrappedSecrets(inputs, given, component.secrets),
    endpoint: givenEndpoint(given),
    owner: hex.apply((id) => ({ id, stack: `${pulumi.getProject()}/${pulumi.getStack()}`, takeOverFrom })),
    parent,
  });
  return { urn: parent.urn, state };
}

/** The outputs of a component in a preview that does not know its settings, and so not its resources either. */
function unknownOutputs(
  { outputs }: PackageComponent<unknown>,
  parent: pulumi.Resource,
  unknown: readonly Path[],
): pulumi.Inputs {
  const keys = unknown.map((path) => path.join("."));
  void pulumi.log.info(`this preview does not show its resources: ${keys.join(", ")} are known only during up`, parent);
  return Object.fromEntries(Object.keys(outputs).map((key) => [key, pulumi.output(pulumi.unknown)]));
}

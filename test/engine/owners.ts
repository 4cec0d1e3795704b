import { join } from "node:path";
import { execa } from "execa";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";

type Resource = {
  urn: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
};
export type State = { deployment: { resources: Resource[] } };

/** A stack's owner id, which is in its state alone. */
export async function ownerOf(stack: PulumiStack): Promise<string> {
  const { deployment } = (await stack.exportState()) as State;
  return String(deployment.resources.find(({ urn }) => urn.endsWith("RandomId::owner"))?.outputs.hex);
}

/** The text of every error about a thing that another stack owns. */
export function otherOwnerError(stack: string, owner: string, another: string): string {
  return `belongs to the stack ${stack} (owner ${owner}); take ${another}, or destroy that stack; where its state is lost, have this one take over: takeOverFrom: [${owner}] in the stack file`;
}

/** The same stack after `pulumi stack rename`. */
export async function renamed(stack: PulumiStack, name: string): Promise<PulumiStack> {
  const { env, stateDir, projectDir } = stack;
  await execa("pulumi", ["stack", "rename", name, "--non-interactive"], { cwd: join(stateDir, "settings"), env });
  return startStack({ name, stateDir, projectDir });
}

/** Whoever fails says so in its output. */
export async function failedUp(stack: PulumiStack): Promise<string> {
  const { exitCode, output } = await stack.startUp().result;
  if (exitCode === 0) throw new Error(`up went well: ${output}`);
  return output.replaceAll(/\n +/g, " ");
}

/** A state as it was before the program made some of its resources. */
export function without({ deployment, ...rest }: State, newer: RegExp): State {
  const isOld = (urn: string) => !newer.test(urn);
  const resources = deployment.resources
    .filter(({ urn }) => isOld(urn))
    .map(({ dependencies = [], propertyDependencies = {}, ...resource }) => ({
      ...resource,
      dependencies: dependencies.filter(isOld),
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [property, urns.filter(isOld)]),
      ),
    }));
  return { ...rest, deployment: { ...deployment, resources } };
}

import { shellFiles } from "../shell.ts";
import { kubectlProgram, type NamespaceTarget } from "./kubectl.ts";

/**
 * The command for this machine that takes a marker away from the owners that a stack takes over from, by kubectl: Pulumi's
 * provider deletes by name, whatever was put there since. Reads the kubeconfig.
 */
export function freeOwnerLabelCommand(
  { marker, beside = "" }: { marker: string; beside?: string },
  formerOwners: readonly string[],
  target: NamespaceTarget,
): string {
  const texts = { purpose: "takeOverFrom replaces an owner label", what: `${marker} in ${target.namespace}` };
  const variables = { marker, beside, former_owners: formerOwners.join(" ") };
  const program = shellFiles(new URL("./", import.meta.url), ["owner-marker"]);
  return `${kubectlProgram(target, texts, variables)}${program}free_marker\n`;
}

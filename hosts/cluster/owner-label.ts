import { shellFiles } from "../shell.ts";
import { kubectlProgram, type NamespaceTarget } from "./kubectl.ts";

/**
 * Command for this machine that takes the owner label away from the owners in `takeOverFrom`, by kubectl: Pulumi's
 * provider deletes by name, whatever was put there since. Reads the kubeconfig.
 */
export function freeOwnerLabelCommand(
  { label, beside = "" }: { label: string; beside?: string },
  formerOwners: readonly string[],
  target: NamespaceTarget,
): string {
  const texts = { purpose: "takeOverFrom replaces an owner label", what: `${label} in ${target.namespace}` };
  const variables = { label, beside, former_owners: formerOwners.join(" ") };
  const program = shellFiles(new URL("./", import.meta.url), ["owner-label"]);
  return `${kubectlProgram(target, texts, variables)}${program}free_owner_label\n`;
}

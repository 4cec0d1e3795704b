import { shellFiles } from "../shell.ts";
import { kubectlProgram, type NamespaceTarget } from "./kubectl.ts";

/**
 * Command for this machine that removes the owner label of the owners in `takeOverFrom`. Uses kubectl, because Pulumi's
 * provider deletes an object by name, even if another stack has created a new object of that name. Its standard input is
 * the kubeconfig.
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

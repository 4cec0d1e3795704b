import { shellFiles } from "../shell.ts";
import { kubectlProgram, type NamespacePlace } from "./kubectl.ts";

/**
 * The command for this machine that takes a marker away from the owners that a stack takes over from, by kubectl: Pulumi's
 * provider deletes by name, whatever was put there since. Reads the kubeconfig.
 */
export function freeMarkerCommand(
  { marker, beside = "" }: { marker: string; beside?: string },
  formerOwners: readonly string[],
  place: NamespacePlace,
): string {
  const texts = { purpose: "takeOverFrom replaces a marker", what: `${marker} in ${place.namespace}` };
  const variables = { marker, beside, former_owners: formerOwners.join(" ") };
  const program = shellFiles(new URL("./", import.meta.url), ["owner-marker"]);
  return `${kubectlProgram(place, texts, variables)}${program}free_marker\n`;
}

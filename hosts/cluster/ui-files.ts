import type { BuiltUi } from "../sending/built-ui.ts";
import { shellFiles } from "../shell.ts";
import { kubectlProgram, type NamespaceTarget } from "./kubectl.ts";

/** The ConfigMap's name: other pages have others, so that pods roll to a new one. */
export function pageConfigMap({ hash }: BuiltUi): string {
  return `registry-ui-${hash}`;
}

/**
 * Commands for this machine that bring the page into a cluster and remove it, by kubectl: through Pulumi's provider all of
 * its text would lie in the state. Their standard input is the kubeconfig: text, path, or empty for kubectl's own.
 */
export function pageCommands(page: BuiltUi, target: NamespaceTarget) {
  const name = pageConfigMap(page);
  const texts = {
    purpose: "variant.ui builtin brings its page into the cluster",
    what: `${name} in ${target.namespace}`,
  };
  const files = { directory: page.directory, files: page.files.map(({ name }) => name).join(" ") };
  const program = shellFiles(new URL("./", import.meta.url), ["ui-files"]);
  return {
    create: `${kubectlProgram(target, texts, { name, ...files })}${program}place_ui\n`,
    delete: `${kubectlProgram(target, texts, { name })}${program}remove_ui\n`,
  };
}

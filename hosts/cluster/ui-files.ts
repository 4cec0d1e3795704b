import type { BuiltUi } from "../sending/built-ui.ts";
import { shellFiles } from "../shell.ts";
import { kubectlProgram, type NamespaceTarget } from "./kubectl.ts";

/** The ConfigMap's name, with the hash of the ui's files. A new ui has a new name, so Kubernetes replaces the pods. */
export function uiConfigMap({ hash }: BuiltUi): string {
  return `registry-ui-${hash}`;
}

/**
 * Commands for this machine that create and delete the ConfigMap with the ui's files. They use kubectl because Pulumi's
 * provider would keep all of the files in the state. Their standard input is the kubeconfig: its text, its path, or
 * nothing for kubectl's default kubeconfig.
 */
export function uiFilesCommands(ui: BuiltUi, target: NamespaceTarget) {
  const name = uiConfigMap(ui);
  const texts = {
    purpose: "variant.ui builtin brings its files into the cluster",
    what: `${name} in ${target.namespace}`,
  };
  const files = { directory: ui.directory, files: ui.files.map(({ name }) => name).join(" ") };
  const program = shellFiles(new URL("./", import.meta.url), ["ui-files"]);
  return {
    create: `${kubectlProgram(target, texts, { name, ...files })}${program}place_ui\n`,
    delete: `${kubectlProgram(target, texts, { name })}${program}remove_ui\n`,
  };
}

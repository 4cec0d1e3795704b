import type { BuiltPage } from "./built-page.ts";
import { shellFiles, shellWord } from "./shell.ts";

export type PagePlace = {
  /** Of the kubeconfig. @default its current one */
  context?: string;
  /** The UID of the cluster's kube-system namespace. */
  cluster: string;
  namespace: string;
};

/** The ConfigMap's name: other pages have others, so that pods roll to a new one. */
export function pageConfigMap({ hash }: BuiltPage): string {
  return `registry-ui-${hash}`;
}

/**
 * Commands for this machine that bring the page into a cluster and remove it, by kubectl: through Pulumi's provider all of
 * its text would lie in the state. Their standard input is the kubeconfig: text, path, or empty for kubectl's own.
 */
export function pageCommands(page: BuiltPage, { context = "", cluster, namespace }: PagePlace) {
  const program = shellFiles(new URL("./ui-page/", import.meta.url), ["config-map"]);
  const variables = { name: pageConfigMap(page), namespace, context, cluster };
  const files = { directory: page.directory, files: page.files.map(({ name }) => name).join(" ") };
  return {
    create: `${assignments({ ...variables, ...files })}${program}place_page\n`,
    delete: `${assignments(variables)}${program}remove_page\n`,
  };
}

function assignments(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${shellWord(value)}\n`)
    .join("");
}

import { shellFiles, shellWord } from "./shell.ts";

/** A namespace of one cluster, as kubectl reaches it. */
export type NamespacePlace = {
  /** Of the kubeconfig. @default its current one */
  context?: string;
  /** The UID of the cluster's kube-system namespace. */
  cluster: string;
  namespace: string;
};

/** What all commands by kubectl begin with, and the variables that it and they read. */
export function kubectlProgram(
  { context = "", cluster, namespace }: NamespacePlace,
  /** `purpose`: what is done by kubectl; `what`: what is left where the cluster does not answer. */
  texts: { purpose: string; what: string },
  variables: Record<string, string>,
): string {
  const values = { ...texts, ...variables, namespace, context, cluster };
  return `${assignments(values)}${shellFiles(new URL("./kubectl/", import.meta.url), ["kubectl"])}`;
}

function assignments(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${shellWord(value)}\n`)
    .join("");
}

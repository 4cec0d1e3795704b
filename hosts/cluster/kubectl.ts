import { shellFiles, shellWord } from "../shell.ts";

/** A namespace of one cluster, as kubectl reaches it. */
export type NamespaceTarget = {
  /** Of the kubeconfig. @default its current one */
  context?: string;
  /** The UID of the cluster's kube-system namespace. */
  cluster: string;
  namespace: string;
  /** Whether to give up what is to be removed from a cluster that does not answer. @default false */
  deleteUnreachable?: boolean;
};

/** What all commands by kubectl begin with, and the variables that it and they read. */
export function kubectlProgram(
  { context = "", cluster, namespace, deleteUnreachable }: NamespaceTarget,
  /** `purpose`: what is done by kubectl; `what`: what it is done to. */
  texts: { purpose: string; what: string },
  variables: Record<string, string>,
): string {
  const givenUp: Record<string, string> = deleteUnreachable ? { delete_unreachable: "true" } : {};
  const values = { ...texts, ...variables, ...givenUp, namespace, context, cluster };
  return `${assignments(values)}${shellFiles(new URL("./", import.meta.url), ["kubectl"])}`;
}

function assignments(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${shellWord(value)}\n`)
    .join("");
}

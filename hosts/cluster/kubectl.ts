import { shellFiles, shellWord } from "../shell.ts";

/** The cluster and namespace that kubectl commands work on. */
export type NamespaceTarget = {
  /** A context of the kubeconfig. @default its current context */
  context?: string;
  /** The UID of the cluster's kube-system namespace. */
  cluster: string;
  namespace: string;
  /** Whether a removal succeeds, and leaves the object, if the cluster does not answer. @default false */
  deleteUnreachable?: boolean;
};

/** The beginning of every script that runs kubectl: variables, then the shared functions of kubectl.sh. */
export function kubectlProgram(
  { context = "", cluster, namespace, deleteUnreachable }: NamespaceTarget,
  /** Words for error messages: `purpose` says why kubectl is needed, `what` names the object that is changed. */
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

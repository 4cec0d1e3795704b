import type { Problem } from "../../check.ts";
import type { ClientFacts, Outcome } from "../../registry/client-facts.ts";

export const everybody = "everybody who pushes or pulls";

/** Ids of checks of the machine whose findings mean that the registry does not serve. */
export const notServing = [
  "host-unreachable",
  "docker-down",
  "container-not-running",
  "container-off-network",
  "pod-not-ready",
] as const;

/** Ids of checks whose findings mean that the storage takes no push. */
export const notWritable = ["disk-full", "inodes-full", "storage-read-only"] as const;

/** Ids of checks whose findings mean that another program than the stack's proxy answers, or with another configuration. */
export const notAsApplied = ["name-leads-elsewhere", "file-changed", "object-missing", "object-changed"] as const;

type Words = Pick<Problem, "problem" | "mend"> & Partial<Problem>;

/** A problem that this machine sees at the registry. */
export function atRegistry({ url }: Pick<ClientFacts, "url">, words: Words): Problem {
  return { where: `registry ${url}, as this machine sees it`, affects: everybody, fixable: false, ...words };
}

/** The end of a request in words. */
export function said({ status, reason }: Outcome): string {
  if (status === 0) return `no answer (${reason ?? "no reason"})`;
  return `it answers ${reason ?? status}`;
}

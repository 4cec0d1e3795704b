import type { Owner } from "../settings/owner.ts";
import type { EntriesWithoutId, Step } from "./compare.ts";
import { JenkinsError } from "./jenkins-error.ts";
import type { Plan } from "./plan.ts";
import { filled, type Sources } from "./planned-credentials.ts";
import { carryOut, examine, summaryOf } from "./reconcile.ts";
import type { CredentialStore } from "./store.ts";

/** What a run prints to standard output. Pulumi stores it and passes it to the next run. */
type Summary = ReturnType<typeof summaryOf> & {
  /** Folders with entries of this stack. The empty name is the system's store. */
  stores: string[];
  /** `PROJECT/STACK`, as in the entries' owner labels. */
  stack: string;
  /** The owner id in the entries' labels. Summaries of versions before owner ids do not have one. */
  owner?: string;
};

/**
 * Makes Jenkins' entries those of the plan. Entries that look right are written too, since Jenkins does not return
 * secrets and nothing else shows whether an entry's secret is current.
 */
export async function applyPlan(
  store: CredentialStore,
  plan: Plan,
  { owner, ...sources }: Sources & { owner: Owner },
  last?: string,
): Promise<Summary> {
  const { adopt, credentials } = plan;
  const wanted = filled(credentials, sources);
  const steps = (await examine(store, { wanted, owner, adopt, ...former(last) })).map(written);
  await carryOut(store, steps, owner);
  return { ...summaryOf(steps), stores: storesOf(plan), stack: owner.stack, owner: owner.id };
}

/**
 * Removes the entries that this stack owns, and no others. Entries of a stack in `takeOverFrom` are kept: only an `up`
 * takes them over.
 */
export async function removePlan(
  store: CredentialStore,
  plan: Plan,
  // The state of a version before owner ids has no owner. Its entries are found by the last run's summary.
  { owner = { id: "", stack: plan.stack, takeOverFrom: [] } }: { owner?: Owner } = {},
  last?: string,
): Promise<Summary> {
  try {
    const stores = storesOf(plan).map(folderIn);
    const own = { ...owner, takeOverFrom: [] };
    const steps = await examine(store, { wanted: [], stores, owner: own, adopt: false, ...former(last) });
    await carryOut(store, steps, own);
    return { ...summaryOf(steps), stores: [], stack: owner.stack, owner: owner.id };
  } catch (error) {
    if (!(error instanceof JenkinsError)) throw error;
    // Only a person knows whether this Jenkins still exists: the passwords that it holds may still be valid.
    throw new JenkinsError(
      `${error.message}\nIf this Jenkins no longer exists, or is to retain its credentials, remove them from the state: ${forget(plan)}`,
    );
  }
}

function written(step: Step): Step {
  return step.action === "keep" ? { ...step, action: "update" } : step;
}

function storesOf({ credentials }: Plan): string[] {
  return [...new Set(credentials.map(({ folder = "" }) => folder))];
}

/**
 * The stores with entries, and the entries without an owner id, from the last run's summary. Empty in the first run.
 */
function former(last: string | undefined): { formerStores: (string | undefined)[]; withoutId?: EntriesWithoutId } {
  try {
    const { stores, stack, owner, created, updated } = JSON.parse(last ?? "") as Summary;
    const withoutId = { stack, entries: [...created, ...updated] };
    return { formerStores: stores.map(folderIn), ...(owner === undefined && { withoutId }) };
  } catch {
    return { formerStores: [] };
  }
}

function folderIn(store: string): string | undefined {
  return store === "" ? undefined : store;
}

/**
 * The command that removes this resource from the state. The resource's URN contains only names that the plan has, except in a
 * program that uses the package, which gives the resource a name and a parent.
 */
function forget({ stack }: Plan): string {
  const [project, name] = stack.split("/");
  if (project !== "container-registry")
    return `pulumi state delete --stack ${name} URN, with this command's URN from: pulumi stack --show-urns`;
  const type = "container-registry:consumers:JenkinsCredentials$command:local:Command";
  return `pulumi state delete --stack ${name} 'urn:pulumi:${name}::${project}::${type}::jenkins-apply'`;
}

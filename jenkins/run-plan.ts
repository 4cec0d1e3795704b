import type { Owner } from "../settings/owner.ts";
import type { EntriesWithoutId, Step } from "./compare.ts";
import { JenkinsError } from "./jenkins-error.ts";
import type { Plan } from "./plan.ts";
import { filled, type Sources } from "./planned-credentials.ts";
import { carryOut, examine, summaryOf } from "./reconcile.ts";
import type { CredentialStore } from "./store.ts";

/** What a run says on standard output, and the next one is told of. */
type Summary = ReturnType<typeof summaryOf> & {
  /** Folders that hold entries; empty is the system's store. */
  stores: string[];
  /** `PROJECT/STACK`, as the entries are marked. */
  stack: string;
  /** The id that they are marked with. Missing in what was said before stacks had ids. */
  owner?: string;
};

/** Makes Jenkins hold what the plan says. What is there already is written anew: nobody can read whether a secret is right. */
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

/** Takes away what the stack made, and nothing else: what it might take over is not its own before an `up` has done so. */
export async function removePlan(
  store: CredentialStore,
  plan: Plan,
  // A state from before stacks had ids has none, and knows its entries by the last run's summary.
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

/** What the last run left: nothing before the first one. */
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

/** The resource's URN, which is made of names alone. */
function forget({ stack }: Plan): string {
  const [project, name] = stack.split("/");
  const type = "container-registry:consumers:JenkinsCredentials$command:local:Command";
  return `pulumi state delete --stack ${name} 'urn:pulumi:${name}::${project}::${type}::jenkins-apply'`;
}

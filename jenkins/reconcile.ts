import type { Owner } from "../settings/owner.ts";
import { type Comparison, compare, type Found, isOwn, type Rule, type Step } from "./compare.ts";
import { type JenkinsCredential, nameOf, type Place } from "./credential.ts";
import { JenkinsError } from "./jenkins-error.ts";
import { marked } from "./marker.ts";
import type { CredentialStore } from "./store.ts";

export type Reconciliation = Rule & {
  wanted: readonly JenkinsCredential[];
  /** Stores that must be there, besides those of `wanted`; undefined is the system's. @default none */
  stores?: readonly (string | undefined)[];
  /** Stores that may have gone, and their entries with them. @default none */
  formerStores?: readonly (string | undefined)[];
};

/** Looks, and changes nothing: what is to be done, or an error with everything that stands against it. */
export async function examine(store: CredentialStore, reconciliation: Reconciliation): Promise<Step[]> {
  const { wanted, stores = [], formerStores = [] } = reconciliation;
  const needed = new Set([...wanted.map(({ folder }) => folder), ...stores]);
  const found: Found[] = [];
  const missing: string[] = [];
  for (const folder of new Set([...needed, ...formerStores, undefined])) {
    const domains = await store.domains(folder);
    if (!domains && needed.has(folder)) throw await store.noStore(folder);
    for (const domain of new Set(wanted.filter((each) => each.folder === folder).map((each) => each.domain)))
      if (!domains?.includes(domain)) missing.push(missingDomain({ folder, domain }));
    for (const domain of domains ?? []) found.push(...(await foundIn(store, { folder, domain }, reconciliation)));
  }
  const { steps, refusals }: Comparison = compare(wanted, found, reconciliation);
  const problems = [...missing, ...refusals];
  if (problems.length > 0) throw new JenkinsError(["Jenkins was left as it is", ...problems].join("\n  "));
  return steps;
}

/** Does the steps in turn. What is wanted comes before what is not any more. */
export async function carryOut(store: CredentialStore, steps: readonly Step[], owner: Owner): Promise<void> {
  for (const step of steps) {
    if (step.deed === "remove") await store.remove(step.entry);
    else if (step.deed === "create") await store.create(step.entry, marked(step.entry.description, owner));
    else if (step.deed === "update") await store.update(step.entry, marked(step.entry.description, owner));
  }
}

/** Entries of a domain that matter here: wanted ones, and those that this stack made. */
async function foundIn(store: CredentialStore, place: Place, reconciliation: Reconciliation): Promise<Found[]> {
  const isWanted = (id: string) =>
    reconciliation.wanted.some(
      (each) => each.id === id && each.folder === place.folder && each.domain === place.domain,
    );
  const listed = await store.list(place);
  const found: Found[] = [];
  for (const { id, description } of listed) {
    if (!isWanted(id) && !isOwn({ ...place, id, description }, reconciliation)) continue;
    const read = isWanted(id) ? await store.read({ ...place, id }) : { description };
    if (read) found.push({ ...place, id, ...read });
  }
  return found;
}

function missingDomain({ folder, domain }: Place): string {
  const where = folder === undefined ? "Jenkins" : `the folder ${folder}`;
  return `${where} has no credentials domain ${domain}; make it there, or leave out the domain in jenkins.credentials`;
}

/** What was done, for people and for the next run. */
export function summaryOf(steps: readonly Step[]) {
  const names = (deed: Step["deed"]) => steps.filter((step) => step.deed === deed).map(({ entry }) => nameOf(entry));
  return { created: names("create"), updated: names("update"), removed: names("remove") };
}

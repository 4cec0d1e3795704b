import type { Owner } from "../settings/owner.ts";
import { type Comparison, compare, type Found, isOwn, type Rule, type Step } from "./compare.ts";
import { type JenkinsCredential, type Location, nameOf } from "./credential.ts";
import { JenkinsError } from "./jenkins-error.ts";
import { withOwnerLabel } from "./owner-label.ts";
import type { CredentialStore } from "./store.ts";

export type Reconciliation = Rule & {
  wanted: readonly JenkinsCredential[];
  /** Stores that must exist, besides those of `wanted`; undefined is the system's store. @default none */
  stores?: readonly (string | undefined)[];
  /** Stores that somebody may have deleted, with their entries. @default none */
  formerStores?: readonly (string | undefined)[];
};

/**
 * Reads Jenkins' entries and returns the steps that make them the wanted ones. Changes nothing itself. Throws a
 * JenkinsError that lists every problem if an entry may not be changed, or if a store or domain is missing.
 */
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
  const { steps, errors }: Comparison = compare(wanted, found, reconciliation);
  const problems = [...missing, ...errors];
  if (problems.length > 0) throw new JenkinsError(["Jenkins was left as it is", ...problems].join("\n  "));
  return steps;
}

/** Carries out the steps one after another. `examine` orders them: creations and updates come before removals. */
export async function carryOut(store: CredentialStore, steps: readonly Step[], owner: Owner): Promise<void> {
  for (const step of steps) {
    if (step.action === "remove") await store.remove(step.entry);
    else if (step.action === "create") await store.create(step.entry, withOwnerLabel(step.entry.description, owner));
    else if (step.action === "update") await store.update(step.entry, withOwnerLabel(step.entry.description, owner));
  }
}

/** The entries in a domain that are wanted or that this stack owns. All other entries are left out. */
async function foundIn(store: CredentialStore, location: Location, reconciliation: Reconciliation): Promise<Found[]> {
  const isWanted = (id: string) =>
    reconciliation.wanted.some(
      (each) => each.id === id && each.folder === location.folder && each.domain === location.domain,
    );
  const listed = await store.list(location);
  const found: Found[] = [];
  for (const { id, description } of listed) {
    if (!isWanted(id) && !isOwn({ ...location, id, description }, reconciliation)) continue;
    const read = isWanted(id) ? await store.read({ ...location, id }) : { description };
    if (read) found.push({ ...location, id, ...read });
  }
  return found;
}

function missingDomain({ folder, domain }: Location): string {
  const where = folder === undefined ? "Jenkins" : `the folder ${folder}`;
  return `${where} has no credentials domain ${domain}; make it there, or leave out the domain in jenkins.credentials`;
}

/**
 * The names of the entries that the steps created, updated and removed. People read this summary, and so does the next
 * run.
 */
export function summaryOf(steps: readonly Step[]) {
  const names = (action: Step["action"]) =>
    steps.filter((step) => step.action === action).map(({ entry }) => nameOf(entry));
  return { created: names("create"), updated: names("update"), removed: names("remove") };
}

import type { Owner } from "../settings/owner.ts";
import { otherOwnerMessage, ownerName } from "../settings/owner-label.ts";
import { type JenkinsCredential, type Location, nameOf } from "./credential.ts";
import type { ReadCredential } from "./credential-xml.ts";
import { ownerOf, withOwnerLabel } from "./owner-label.ts";

/** An entry that is in Jenkins now, without its secret, which Jenkins never returns. */
export type Found = Location & { id: string } & ReadCredential;

/** What to do with one entry, and why, in a few words. */
export type Step =
  | { action: "create" | "update" | "keep"; entry: JenkinsCredential; why: string }
  | { action: "remove"; entry: Location & { id: string }; why: string };

export type Comparison = { steps: Step[]; errors: string[] };

export type Rule = {
  owner: Owner;
  /** Entries that this stack created before stacks had owner ids. @default none */
  withoutId?: EntriesWithoutId;
  /** Whether to take over wanted entries that somebody created by hand. */
  adopt: boolean;
};

/** Entries whose owner label has only a stack's name and no owner id. Two stacks may have the same name. */
export type EntriesWithoutId = {
  /** `PROJECT/STACK`, as in the entries' owner labels. */
  stack: string;
  /** Names of entries, in the form that `nameOf` returns, which this stack's state lists as its own. */
  entries: readonly string[];
};

/**
 * The steps that make Jenkins' entries the wanted ones, and errors for wanted entries that belong to somebody else. Own
 * entries that are already as wanted get the action `keep`.
 */
export function compare(wanted: readonly JenkinsCredential[], found: readonly Found[], rule: Rule): Comparison {
  const steps: Step[] = [];
  const errors: string[] = [];
  for (const entry of wanted) {
    const there = found.find((each) => keyOf(each) === keyOf(entry));
    const error = there && ownershipError(there, rule);
    if (error !== undefined) errors.push(error);
    else steps.push(stepFor(entry, there, rule));
  }
  const keys = new Set(wanted.map(keyOf));
  for (const entry of found)
    if (isOwn(entry, rule) && !keys.has(keyOf(entry))) steps.push({ action: "remove", entry, why: "no longer wanted" });
  return { steps, errors };
}

function stepFor(entry: JenkinsCredential, there: Found | undefined, { owner }: Rule): Step {
  if (!there) return { action: "create", entry, why: "missing" };
  const why = differences(entry, there, owner);
  return why.length === 0 ? { action: "keep", entry, why: "" } : { action: "update", entry, why: why.join(", ") };
}

function differences(entry: JenkinsCredential, there: Found, owner: Owner): string[] {
  const others: string[] = [];
  if (there.kind !== entry.kind) others.push("another type");
  else if (entry.kind === "username-password" && there.username !== entry.username) others.push("another user name");
  if (there.description !== withOwnerLabel(entry.description, owner)) others.push("another description");
  return others;
}

/** Whether this stack owns an entry, according to the owner label in the entry's description. */
export function isOwn(entry: Location & { id: string; description: string }, { owner, withoutId }: Rule): boolean {
  const by = ownerOf(entry.description);
  if (by === undefined) return false;
  if (by.id !== undefined) return by.id === owner.id || owner.takeOverFrom.includes(by.id);
  return by.stack === withoutId?.stack && withoutId.entries.includes(nameOf(entry));
}

function ownershipError(there: Found, rule: Rule): string | undefined {
  if (isOwn(there, rule)) return undefined;
  const by = ownerOf(there.description);
  const mayAdopt = by === undefined || (by.id === undefined && by.stack === rule.owner.stack);
  if (mayAdopt && rule.adopt) return undefined;
  const name = nameOf(there);
  if (by === undefined)
    return `${name} is there, and this stack did not make it; take it over with jenkins.adopt: true, or take another id`;
  if (by.id !== undefined) return `${name} belongs to ${ownerName(by)}; ${otherOwnerMessage("another id", by.id)}`;
  if (mayAdopt)
    return `${name} belongs to a stack ${by.stack} whose owner id it does not tell; if that is this stack, take it over with jenkins.adopt: true; if not, take another id`;
  return `${name} belongs to ${ownerName(by)}; take another id, or have that stack give it up`;
}

function keyOf({ folder = "", domain = "", id }: Location & { id: string }): string {
  return `${folder}|${domain}|${id}`;
}

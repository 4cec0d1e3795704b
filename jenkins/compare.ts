import { type JenkinsCredential, nameOf, type Place } from "./credential.ts";
import type { ReadCredential } from "./credential-xml.ts";
import { marked, markedBy } from "./marker.ts";

/** What there is, as far as Jenkins tells. */
export type Found = Place & { id: string } & ReadCredential;

/** What to do with one entry, and the reason in a few words. */
export type Step =
  | { deed: "create" | "update" | "keep"; entry: JenkinsCredential; why: string }
  | { deed: "remove"; entry: Place & { id: string }; why: string };

export type Comparison = { steps: Step[]; refusals: string[] };

export type Rule = {
  /** `PROJECT/STACK`. */
  stack: string;
  /** What it was called before `pulumi stack rename`. */
  formerStack?: string;
  /** Whether to take over what somebody made by hand. */
  adopt: boolean;
};

/** What makes Jenkins hold what is wanted. It takes nobody else's, and of its own it leaves what differs in nothing. */
export function compare(wanted: readonly JenkinsCredential[], found: readonly Found[], rule: Rule): Comparison {
  const steps: Step[] = [];
  const refusals: string[] = [];
  for (const entry of wanted) {
    const there = found.find((each) => keyOf(each) === keyOf(entry));
    const refusal = there && refusalOf(there, rule);
    if (refusal !== undefined) refusals.push(refusal);
    else steps.push(stepFor(entry, there, rule));
  }
  const keys = new Set(wanted.map(keyOf));
  for (const entry of found)
    if (isOwn(entry, rule) && !keys.has(keyOf(entry))) steps.push({ deed: "remove", entry, why: "no longer wanted" });
  return { steps, refusals };
}

function stepFor(entry: JenkinsCredential, there: Found | undefined, { stack }: Rule): Step {
  if (!there) return { deed: "create", entry, why: "missing" };
  const why = differences(entry, there, stack);
  return why.length === 0 ? { deed: "keep", entry, why: "" } : { deed: "update", entry, why: why.join(", ") };
}

function differences(entry: JenkinsCredential, there: Found, stack: string): string[] {
  const others: string[] = [];
  if (there.kind !== entry.kind) others.push("another type");
  else if (entry.kind === "username-password" && there.username !== entry.username) others.push("another user name");
  if (there.description !== marked(entry.description, stack)) others.push("another description");
  return others;
}

/** Whether the stack made an entry, by what its description says. */
export function isOwn({ description }: { description: string }, { stack, formerStack }: Rule): boolean {
  const owner = markedBy(description);
  return owner !== undefined && (owner === stack || owner === formerStack);
}

function refusalOf(there: Found, rule: Rule): string | undefined {
  if (isOwn(there, rule)) return undefined;
  const owner = markedBy(there.description);
  if (owner !== undefined)
    return `${nameOf(there)} belongs to the stack ${owner}; take another id, or have that stack give it up`;
  if (rule.adopt) return undefined;
  return `${nameOf(there)} is there, and this stack did not make it; take it over with jenkins.adopt: true, or take another id`;
}

function keyOf({ folder = "", domain = "", id }: Place & { id: string }): string {
  return `${folder}|${domain}|${id}`;
}

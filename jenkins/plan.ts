import { parse, stringify } from "yaml";
import type { Owner } from "../settings/owner.ts";
import type { JenkinsAccess } from "./access.ts";
import type { PlannedCredential, Sources } from "./planned-credentials.ts";

/**
 * The entries that a run creates in Jenkins, and how it logs in. It contains no secret, so a preview shows each changed
 * line.
 */
export type Plan = Omit<JenkinsAccess, "secret" | "kind"> & {
  login: JenkinsAccess["kind"];
  /** `PROJECT/STACK`. */
  stack: string;
  adopt: boolean;
  credentials: PlannedCredential[];
};

/**
 * What a run reads from standard input. The owner is in it too: the first preview does not know the owner's id yet, and
 * an unknown value in the plan would hide the whole plan in the preview.
 */
export type PlanSecrets = Sources & {
  owner: Owner;
  /** The API token or password of the plan's user. */
  login: string;
};

/** The environment variable that holds the plan. */
export const planVariable = "CONTAINER_REGISTRY_JENKINS";

export function planText({ ca, credentials, ...plan }: Plan): string {
  return stringify({ ...plan, credentials, ca });
}

export function planIn(text: string): Plan {
  return parse(text) as Plan;
}

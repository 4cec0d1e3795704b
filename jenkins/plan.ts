import { parse, stringify } from "yaml";
import type { Owner } from "../settings/owner.ts";
import type { JenkinsAccess } from "./access.ts";
import type { PlannedCredential, Sources } from "./planned-credentials.ts";

/** What a run is to bring about: all but its secrets, so that a preview shows every changed line of it. */
export type Plan = Omit<JenkinsAccess, "secret" | "kind"> & {
  login: JenkinsAccess["kind"];
  /** `PROJECT/STACK`. */
  stack: string;
  adopt: boolean;
  credentials: PlannedCredential[];
};

/** What goes by standard input: the owner, too, for the first preview does not know its id yet. */
export type PlanSecrets = Sources & {
  owner: Owner;
  /** Token or password of the plan's user. */
  login: string;
};

/** The environment variable that holds the plan. */
export const planVariable = "CONTAINER_REGISTRY_JENKINS";

/** The plan as YAML. */
export function planText({ ca, credentials, ...plan }: Plan): string {
  return stringify({ ...plan, credentials, ca });
}

export function planIn(text: string): Plan {
  return parse(text) as Plan;
}

import { parse, stringify } from "yaml";

/** What a run checks at the registry. The credentials are not in it, so a preview shows each changed line. */
export type Plan = {
  /** `https://HOST[:PORT]`, or `http://HOST[:PORT]` with `tls: none`. */
  url: string;
  /** The repository that the push and pull rights are checked for, with its path prefix. */
  repository: string;
  requiresAuthForPush: boolean;
  /** Whether a pull needs the credentials. If not, the check pulls without them. */
  requiresAuthForPull: boolean;
  /** PEM of the CA that nodes trust for the registry. Undefined if a public CA signed its certificate. */
  ca?: string;
};

export type Credentials = { username: string; password: string };

/** What a run reads from standard input, since it is secret. */
export type PlanSecrets = {
  /** Undefined if the stack has no credentials. */
  login?: Credentials;
};

/** What a run prints to standard output, as JSON. */
export type Summary = {
  /** What could not be checked, and why. The credentials may still be right. */
  warnings: string[];
};

/** The environment variable that holds the plan. */
export const planVariable = "CONTAINER_REGISTRY_EXISTING";

export function planText(plan: Plan): string {
  return stringify(plan);
}

export function planIn(text: string): Plan {
  return parse(text) as Plan;
}

import { parse, stringify } from "yaml";

/** What a run asks the registry: all but the credentials, so that a preview shows each changed line. */
export type Plan = {
  /** `https://HOST[:PORT]`, or `http://` where the stack says so. */
  url: string;
  /** The repository whose rights are asked for, path prefix included. */
  repository: string;
  /** Whether a push needs the credentials. */
  requiresAuthForPush: boolean;
  /** Whether a pull needs them; anybody pulls otherwise. */
  requiresAuthForPull: boolean;
  /** PEM of the authority that nodes are given. Left out where a public one signed. */
  ca?: string;
};

export type Credentials = { username: string; password: string };

/** What goes by standard input. */
export type PlanSecrets = {
  /** Left out where the stack has no credentials. */
  login?: Credentials;
};

/** What a run prints. */
export type Summary = {
  /** What could not be found out, and why; the credentials may be right all the same. */
  warnings: string[];
};

/** The environment variable that holds the plan. */
export const planVariable = "CONTAINER_REGISTRY_EXISTING";

/** The plan as YAML. */
export function planText(plan: Plan): string {
  return stringify(plan);
}

export function planIn(text: string): Plan {
  return parse(text) as Plan;
}

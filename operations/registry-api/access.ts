import type { Credentials } from "../../existing/plan.ts";
import { globPattern } from "../../render/proxy/globs.ts";
import type { Account } from "../../settings/accounts.ts";
import type { LiveStack, StackOutputs } from "../live-stack.ts";

/** What a request to the registry needs a right for. */
export type Access =
  /** The list of all repositories. */
  { right: "list" } | { right: "pull" | "push" | "delete"; repository: string };

/** The credentials to send where a request needs some; undefined if the stack has none with that right. */
export type Logins = (access: Access) => Credentials | undefined;

/** Finds, for each request, an account of the stack that has the right. */
export function loginsOf(
  { settings }: Pick<LiveStack, "settings">,
  { accounts }: Pick<StackOutputs, "accounts">,
  today = new Date().toISOString().slice(0, 10),
): Logins {
  const login = (username: string): Credentials | undefined => {
    const password = Object.hasOwn(accounts, username) ? accounts[username] : undefined;
    return password === undefined ? undefined : { username, password };
  };
  // What these credentials may do at a registry that somebody else runs is not known here.
  if (settings.variant.kind === "existing") return () => Object.keys(accounts).map(login)[0];
  const valid = settings.accounts.filter(({ name, expires = today }) => expires >= today && login(name) !== undefined);
  return (access) => {
    const account = valid.find((each) => allows(each, access));
    return account && login(account.name);
  };
}

function allows({ push, pull, delete: deletes }: Account, access: Access): boolean {
  if (access.right === "list") return true;
  const globs = { pull: [...push, ...pull], push, delete: deletes }[access.right];
  return globs.some((glob) => new RegExp(`^${globPattern(glob)}$`).test(access.repository));
}

/**
 * The scope to request a token for.
 * @see https://distribution.github.io/distribution/spec/auth/scope/
 */
export function scopeOf(access: Access): string {
  if (access.right === "list") return "registry:catalog:*";
  return `repository:${access.repository}:${access.right === "pull" ? "pull" : `pull,${access.right}`}`;
}

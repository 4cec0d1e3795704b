import type { LiveStack, StackOutputs } from "./live-stack.ts";

/**
 * The user name and password that CI logs in with: those of containerRegistry.account, else of the stack's first
 * account. Undefined if the stack has no such account.
 */
export function ciLogin(
  { containerRegistry }: LiveStack["settings"],
  { accounts }: Pick<StackOutputs, "accounts">,
): { username: string; password: string } | undefined {
  const username = containerRegistry.account ?? Object.keys(accounts)[0] ?? "";
  const password = accounts[username];
  return password === undefined ? undefined : { username, password };
}

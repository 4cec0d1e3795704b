import type { LiveStack, StackOutputs } from "./live-stack.ts";

/** What CI logs in with: containerRegistry.account, or a registry's only account. None where there is none. */
export function ciLogin(
  { containerRegistry }: LiveStack["settings"],
  { accounts }: Pick<StackOutputs, "accounts">,
): { username: string; password: string } | undefined {
  const username = containerRegistry.account ?? Object.keys(accounts)[0] ?? "";
  const password = accounts[username];
  return password === undefined ? undefined : { username, password };
}

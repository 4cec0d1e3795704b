import { OperationError } from "../operation-error.ts";
import type { RotatingStack } from "./rotating-stack.ts";
import { another, requireAnother, untilEveryPodKnows } from "./steps.ts";
import { untilAccepted, untilRefused } from "./verify.ts";

export type RevokeOptions = {
  /**
   * The new password of an account whose password is in the secret `passwords`; unset where passwords are generated.
   */
  newPassword?: string;
  verify: boolean;
};

/**
 * Replaces an account's password at once: the registry refuses the old passwords, one from an htpasswd file among them,
 * and their tokens, and consumers get the new password.
 */
export async function revoke(
  stack: RotatingStack,
  account: string,
  { newPassword, verify }: RevokeOptions,
): Promise<void> {
  requireAnother(stack, account, newPassword);
  const leaked = await stack.passwords(account);
  const tokens = verify ? await tokensOf(stack, account, leaked) : [];

  await stack.writeRotations({ [account]: another(stack, account, "revoked") });
  if (newPassword !== undefined) await stack.writeGiven(account, newPassword);
  if (stack.inHtpasswd.includes(account)) await stack.removeFromHtpasswd(account);
  await stack.up();
  const nodes = stack.nodesToRestart(account);
  if (nodes.length > 0) stack.say(`${nodes.join(", ")}: pull again once k3s or RKE2 is restarted there`);
  if (!verify) return;
  if (stack.learns === "in-pods") await untilEveryPodKnows(stack, "that the account's passwords have ended");

  for (const password of leaked) await untilRefused(stack, { account, password });
  for (const token of tokens) await untilRefused(stack, { token });
  const [newest] = await stack.passwords(account);
  if (newest === undefined || leaked.includes(newest))
    throw new OperationError(`${account} has no other password after up; see: pulumi stack`);
  if (stack.canLogIn(account)) await untilAccepted(stack, { account, password: newest });
}

/**
 * Tokens for the passwords, to check later that the registry refuses them. Errors are ignored: a registry that does not
 * answer, or refuses these passwords already, must not prevent a revocation.
 */
async function tokensOf(stack: RotatingStack, account: string, passwords: readonly string[]): Promise<string[]> {
  const tokens = await Promise.all(passwords.map((each) => stack.token(account, each).catch(() => undefined)));
  return tokens.filter((token) => token !== undefined);
}

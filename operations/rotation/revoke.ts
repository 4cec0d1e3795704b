import { OperationError } from "../operation-error.ts";
import type { RotatingStack } from "./rotating-stack.ts";
import { another, requireAnother, untilEveryPodKnows } from "./steps.ts";
import { untilAccepted, untilRefused } from "./verify.ts";

export type RevokeOptions = {
  /** What a given password becomes. */
  newPassword?: string;
  verify: boolean;
};

/** Cuts an account off at once: its passwords and tokens are refused, whoever has them, and consumers get another one. */
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

/** A registry that does not answer, or does not know them any more, must not keep anybody from cutting an account off. */
async function tokensOf(stack: RotatingStack, account: string, passwords: readonly string[]): Promise<string[]> {
  const tokens = await Promise.all(passwords.map((each) => stack.token(account, each).catch(() => undefined)));
  return tokens.filter((token) => token !== undefined);
}

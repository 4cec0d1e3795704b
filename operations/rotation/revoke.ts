import { OperationError } from "../operation-error.ts";
import type { RotatingStack } from "./rotating-stack.ts";
import { another } from "./steps.ts";
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
  const leaked = await stack.passwords(account);
  const tokens = verify ? await tokensOf(stack, account, leaked) : [];

  await stack.writeRotations({ [account]: another(stack, account, "gone") });
  if (newPassword !== undefined) await stack.writeGiven(account, newPassword);
  await stack.up();
  if (!verify) return;

  for (const password of leaked) await untilRefused(stack, { account, password });
  for (const token of tokens) await untilRefused(stack, { token });
  const [newest] = await stack.passwords(account);
  if (newest === undefined || leaked.includes(newest))
    throw new OperationError(`${account} has no other password after up; see: pulumi stack`);
  await untilAccepted(stack, { account, password: newest });
}

/** A registry that does not answer, or does not know them any more, must not keep anybody from cutting an account off. */
async function tokensOf(stack: RotatingStack, account: string, passwords: readonly string[]): Promise<string[]> {
  const tokens = await Promise.all(passwords.map((each) => stack.token(account, each).catch(() => undefined)));
  return tokens.filter((token) => token !== undefined);
}

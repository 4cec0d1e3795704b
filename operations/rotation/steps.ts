import { type Rotation, type Rotations, rotationOf } from "../../settings/rotation.ts";
import { isHalfRotated } from "../../settings/warnings/rotation.ts";
import { OperationError } from "../operation-error.ts";
import type { RotatingStack } from "./rotating-stack.ts";

/** One account's entry with a password more than now. */
export function another(stack: RotatingStack, account: string, previous: Rotation["previous"]): Rotation {
  return { generation: (rotationOf(stack.rotations, account)?.generation ?? 0) + 1, date: stack.today(), previous };
}

/** Whether two of its passwords work. */
export function isHalf({ rotations, given }: RotatingStack, account: string): boolean {
  return isHalfRotated(account, rotations, given);
}

/** The entries of accounts, with what becomes of the password before. */
export function withPrevious(
  { rotations, today }: RotatingStack,
  accounts: readonly string[],
  previous: Rotation["previous"],
): Rotations {
  return Object.fromEntries(
    accounts.map((account) => [
      account,
      { ...(rotationOf(rotations, account) ?? { generation: 1, date: today() }), previous },
    ]),
  );
}

/** A password that an account has already would be no other one: refused before anything is written. */
export function requireAnother({ given }: RotatingStack, account: string, newPassword: string | undefined): void {
  const own = Object.hasOwn(given, account) ? [given[account]].flat() : [];
  if (newPassword !== undefined && own.includes(newPassword))
    throw new OperationError(`that is a password of ${account} already; give another`);
}

/** How long a kubelet takes at most to bring a changed Secret, and the proxy to take it up, with some to spare. */
const kubeletSeconds = 120;

/** Of several pods one answers for itself alone, and nobody is asked without `verify`. */
export async function untilEveryPodKnows(stack: RotatingStack, what: string): Promise<void> {
  stack.say(`waiting ${kubeletSeconds} s until every pod knows ${what}`);
  await stack.wait(kubeletSeconds);
}

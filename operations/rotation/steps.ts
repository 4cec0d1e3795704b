import { type Rotation, type Rotations, rotationOf } from "../../settings/rotation.ts";
import { isHalfRotated } from "../../settings/warnings/rotation.ts";
import { OperationError } from "../operation-error.ts";
import type { RotatingStack } from "./rotating-stack.ts";

/** The account's next entry of `rotations`: its generation is one higher, its date is today. */
export function another(stack: RotatingStack, account: string, previous: Rotation["previous"]): Rotation {
  return { generation: (rotationOf(stack.rotations, account)?.generation ?? 0) + 1, date: stack.today(), previous };
}

/** Whether two passwords of the account work, so that its rotation has not ended. */
export function isHalf({ rotations, given }: RotatingStack, account: string): boolean {
  return isHalfRotated(account, rotations, given);
}

/** The accounts' entries of `rotations`, with this state for their previous passwords. */
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

/** Throws if the new password is already one of the account's passwords in the secret `passwords`. */
export function requireAnother({ given }: RotatingStack, account: string, newPassword: string | undefined): void {
  const own = Object.hasOwn(given, account) ? [given[account]].flat() : [];
  if (newPassword !== undefined && own.includes(newPassword))
    throw new OperationError(`that is a password of ${account} already; give another`);
}

/**
 * The longest time that a kubelet takes to update a changed Secret in its pods by itself, and the proxy to read it, with a
 * margin.
 */
const kubeletSeconds = 120;

/**
 * Asks the pods instead of the registry: with several pods, an answer of the registry proves that one of them knows the
 * password, and without `verify` no request is sent at all. Where the pods cannot be asked, as without kubectl, the
 * kubelets get their time.
 */
export async function untilEveryPodKnows(stack: RotatingStack, what: string): Promise<void> {
  const problem = await stack.everyPodKnows();
  if (problem === undefined) return;
  stack.say(`cannot tell whether every pod knows ${what} (${problem}); each does in ${kubeletSeconds} s`);
  await stack.wait(kubeletSeconds);
}

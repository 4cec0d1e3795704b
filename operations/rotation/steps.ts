import { isHalfRotated } from "../../settings/due.ts";
import type { Rotation, Rotations } from "../../settings/rotation.ts";
import type { RotatingStack } from "./rotating-stack.ts";

/** One account's entry with a password more than now. */
export function another(stack: RotatingStack, account: string, previous: Rotation["previous"]): Rotation {
  return { generation: (stack.rotations[account]?.generation ?? 0) + 1, date: stack.today(), previous };
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
    accounts.map((account) => [account, { ...(rotations[account] ?? { generation: 1, date: today() }), previous }]),
  );
}

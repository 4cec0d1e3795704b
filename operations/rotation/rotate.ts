import { type Rotations, rotationOf } from "../../settings/rotation.ts";
import { OperationError } from "../operation-error.ts";
import type { RotatingStack } from "./rotating-stack.ts";
import { another, isHalf, requireAnother, untilEveryPodKnows, withPrevious } from "./steps.ts";
import { untilAccepted, untilRefused } from "./verify.ts";

export type RotateOptions = {
  /**
   * The accounts that get a new password. An account with two valid passwords, from an interrupted rotation, gets no
   * third one: its rotation continues.
   */
  accounts: readonly string[];
  /**
   * The new password of an account whose password is in the secret `passwords`; it needs `accounts` to be that one
   * account.
   */
  newPassword?: string;
  /** How long both passwords work once consumers have the new one; at least as long as the longest push. */
  overlapSeconds: number;
  /** Whether to stop while both passwords work; a later `registry rotate` ends the old one. */
  keepPrevious: boolean;
  /** Whether to check at the registry which passwords it accepts; false where this machine cannot connect to it. */
  verify: boolean;
};

/**
 * Gives accounts a new password without a failed push: first both passwords work, then consumers get the new one, then
 * the old one is revoked. The stack file records each phase, so that the next run continues an interrupted rotation.
 */
export async function rotate(stack: RotatingStack, options: RotateOptions): Promise<void> {
  const { accounts, newPassword, overlapSeconds, keepPrevious, verify } = options;
  for (const account of accounts) requireAnother(stack, account, newPassword);
  const half = accounts.filter((account) => isHalf(stack, account));
  for (const account of half) stack.say(`${account}: two passwords work; going on with its rotation`);
  const fresh = accounts.filter((account) => !half.includes(account));
  await begin(stack, fresh, newPassword);

  await stack.up();
  if (accounts.length === 0) return;
  const proofs = await passwordsInForce(stack, accounts);
  const provable = verify ? proofs.filter(({ account }) => stack.canLogIn(account)) : [];
  for (const { account, newest } of provable) await untilAccepted(stack, { account, password: newest });
  await giveOut(stack, accounts, verify);
  if (pauses(stack, { half, fresh, keepPrevious, overlapSeconds })) return;

  const old = await oldCredentials(stack, provable);
  stack.say(`consumers have the new password; the old one works for another ${overlapSeconds} s`);
  await stack.wait(overlapSeconds);

  await end(stack, accounts, proofs);
  await stack.up();
  if (stack.learns === "in-pods") await untilEveryPodKnows(stack, "that the old password has ended");
  for (const credential of old) await untilRefused(stack, credential);
  for (const { account, newest } of provable) await untilAccepted(stack, { account, password: newest });
}

async function begin(stack: RotatingStack, accounts: readonly string[], newPassword?: string): Promise<void> {
  if (accounts.length === 0) return;
  const previous = stack.learns === "in-up" ? "valid" : "current";
  const entries: Rotations = Object.fromEntries(accounts.map((name) => [name, another(stack, name, previous)]));
  await stack.writeRotations(entries);
  for (const account of accounts) {
    const before = Object.hasOwn(stack.given, account) ? stack.given[account] : undefined;
    if (typeof before === "string" && newPassword !== undefined) await stack.writeGiven(account, [newPassword, before]);
  }
}

/**
 * Gives consumers the new password if the first `up` still gave them the old one. That is so in a cluster, where the
 * proxy accepts a new password only some time after `up`.
 */
async function giveOut(stack: RotatingStack, accounts: readonly string[], verify: boolean): Promise<void> {
  const waiting = accounts.filter((account) => rotationOf(stack.rotations, account)?.previous === "current");
  if (waiting.length === 0) return;
  if (stack.learns === "in-pods" || !verify) await untilEveryPodKnows(stack, "the new password");
  await stack.writeRotations(withPrevious(stack, waiting, "valid"));
  await stack.up();
}

type Standing = Pick<RotateOptions, "keepPrevious" | "overlapSeconds"> & { half: string[]; fresh: string[] };

/**
 * Whether to stop while both passwords work: because `keepPrevious` asks for it, or because nodes keep using the old
 * password until somebody restarts k3s or RKE2 on them. Also tells the user what to do next.
 */
function pauses(stack: RotatingStack, { half, fresh, keepPrevious, overlapSeconds }: Standing): boolean {
  const nodesOf = (accounts: string[]) => accounts.flatMap((account) => stack.nodesToRestart(account)).join(", ");
  const [toRestart, restarted] = [nodesOf(fresh), nodesOf(half)];
  if (toRestart !== "")
    stack.say(
      `both passwords work: ${toRestart} have the old one until k3s or RKE2 restarts there; restart it, then: npm run -s registry -- rotate`,
    );
  else if (keepPrevious) stack.say("both passwords work until: npm run -s registry -- rotate");
  else if (restarted !== "")
    stack.say(`${restarted}: restart k3s or RKE2 there within ${overlapSeconds} s, unless that is done`);
  return keepPrevious || toRestart !== "";
}

async function end(stack: RotatingStack, accounts: readonly string[], proofs: readonly Proof[]): Promise<void> {
  await stack.writeRotations(withPrevious(stack, accounts, "revoked"));
  for (const { account, newest } of proofs)
    if (Array.isArray(stack.given[account])) await stack.writeGiven(account, newest);
}

type Proof = { account: string; newest: string; previous?: string };

async function passwordsInForce(stack: RotatingStack, accounts: readonly string[]): Promise<Proof[]> {
  return Promise.all(
    accounts.map(async (account) => {
      const [newest, previous] = await stack.passwords(account);
      if (newest === undefined)
        throw new OperationError(`the state has no password of ${account}, though up succeeded; see: pulumi stack`);
      return { account, newest, ...(previous !== undefined && { previous }) };
    }),
  );
}

/** The old passwords and a token for each: the registry must refuse all of them once the rotation ends. */
async function oldCredentials(stack: RotatingStack, proofs: readonly Proof[]) {
  const all = await Promise.all(
    proofs.map(async ({ account, previous }) => {
      if (previous === undefined) return [];
      return [{ account, password: previous }, { token: await stack.token(account, previous) }];
    }),
  );
  return all.flat();
}

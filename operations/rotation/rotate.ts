import { type Rotations, rotationOf } from "../../settings/rotation.ts";
import { OperationError } from "../operation-error.ts";
import type { RotatingStack } from "./rotating-stack.ts";
import { another, isHalf, requireAnother, untilEveryPodKnows, withPrevious } from "./steps.ts";
import { untilAccepted, untilRefused } from "./verify.ts";

export type RotateOptions = {
  /** Who gets another password; those of them that have two already go on where they were. */
  accounts: readonly string[];
  /** What a given password becomes, for the one account that it is for. */
  newPassword?: string;
  /** How long both work once consumers have the new one: as long as the longest push takes. */
  overlapSeconds: number;
  /** Stops with both in force. */
  keepPrevious: boolean;
  /** Whether the registry is asked; not where this machine cannot reach it. */
  verify: boolean;
};

/**
 * Gives accounts another password while whatever pushes goes on: both work, consumers get the new one, the old one ends.
 * Where it stands is in the stack file, so that the next run goes on from there.
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

/** Where the proxy had to learn the new one first. */
async function giveOut(stack: RotatingStack, accounts: readonly string[], verify: boolean): Promise<void> {
  const waiting = accounts.filter((account) => rotationOf(stack.rotations, account)?.previous === "current");
  if (waiting.length === 0) return;
  if (stack.learns === "in-pods" || !verify) await untilEveryPodKnows(stack, "the new password");
  await stack.writeRotations(withPrevious(stack, waiting, "valid"));
  await stack.up();
}

type Standing = Pick<RotateOptions, "keepPrevious" | "overlapSeconds"> & { half: string[]; fresh: string[] };

/** Whether to stop with both in force: asked to, or because nodes begun with here go by the old one until somebody acts. */
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

/** What must be refused at the end: the old passwords, and their tokens. */
async function oldCredentials(stack: RotatingStack, proofs: readonly Proof[]) {
  const all = await Promise.all(
    proofs.map(async ({ account, previous }) => {
      if (previous === undefined) return [];
      return [{ account, password: previous }, { token: await stack.token(account, previous) }];
    }),
  );
  return all.flat();
}

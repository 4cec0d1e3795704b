import type { Rotations } from "../../settings/rotation.ts";
import { OperationError } from "../operation-error.ts";
import type { RotatingStack } from "./rotating-stack.ts";
import { another, isHalf, withPrevious } from "./steps.ts";
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
  const { accounts, overlapSeconds, keepPrevious, verify } = options;
  const half = accounts.filter((account) => isHalf(stack, account));
  for (const account of half) stack.say(`${account}: two passwords work; going on with its rotation`);
  await begin(
    stack,
    accounts.filter((account) => !half.includes(account)),
    options.newPassword,
  );

  await stack.up();
  if (accounts.length === 0) return;
  const proofs = await passwordsInForce(stack, accounts);
  for (const { account, newest } of proofs) if (verify) await untilAccepted(stack, { account, password: newest });
  await giveOut(stack, accounts, verify);
  if (keepPrevious) return stack.say("both passwords work until: npm run -s registry -- rotate");

  const old = verify ? await oldCredentials(stack, proofs) : [];
  stack.say(`consumers have the new password; the old one works for another ${overlapSeconds} s`);
  await stack.wait(overlapSeconds);

  await end(stack, accounts, proofs);
  await stack.up();
  for (const credential of old) await untilRefused(stack, credential);
  for (const { account, newest } of proofs) if (verify) await untilAccepted(stack, { account, password: newest });
}

async function begin(stack: RotatingStack, accounts: readonly string[], newPassword?: string): Promise<void> {
  if (accounts.length === 0) return;
  const previous = stack.learns === "in-up" ? "kept" : "given-out";
  const entries: Rotations = Object.fromEntries(accounts.map((name) => [name, another(stack, name, previous)]));
  await stack.writeRotations(entries);
  for (const account of accounts) {
    const before = Object.hasOwn(stack.given, account) ? stack.given[account] : undefined;
    if (typeof before === "string" && newPassword !== undefined) await stack.writeGiven(account, [newPassword, before]);
  }
}

/** Where the gate had to learn the new one first. */
async function giveOut(stack: RotatingStack, accounts: readonly string[], verify: boolean): Promise<void> {
  const waiting = accounts.filter((account) => stack.rotations[account]?.previous === "given-out");
  if (waiting.length === 0) return;
  // Several do not learn it at the same time, and one answer is of one of them.
  if (stack.learns === "in-pods" || !verify) {
    stack.say(`waiting ${kubeletSeconds} s until every pod knows the new password`);
    await stack.wait(kubeletSeconds);
  }
  await stack.writeRotations(withPrevious(stack, waiting, "kept"));
  await stack.up();
}

/** How long a kubelet takes at most to bring a changed Secret, and the gate to take it up, with some to spare. */
const kubeletSeconds = 120;

async function end(stack: RotatingStack, accounts: readonly string[], proofs: readonly Proof[]): Promise<void> {
  await stack.writeRotations(withPrevious(stack, accounts, "gone"));
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

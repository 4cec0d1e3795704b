import { text } from "node:stream/consumers";
import { validatePasswords } from "../../settings/secrets/shapes.ts";
import type { Settings } from "../../settings/settings.ts";
import type { StackArgs } from "../common-args.ts";
import { liveStack } from "../live-stack.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import { LiveRotation } from "./live-rotation.ts";
import type { RotatingStack } from "./rotating-stack.ts";
import { isHalf } from "./steps.ts";

type Args = StackArgs & {
  account?: string | undefined;
  all?: boolean | undefined;
  "password-stdin"?: boolean | undefined;
};

/**
 * The stack, the accounts and the new password of a `registry rotate`. Without --account and --all, the accounts are
 * those whose rotation was interrupted.
 */
export async function rotation(args: Args) {
  const live = await liveStack(args);
  requireTwoAtATime(live.settings);
  const stack = new LiveRotation(live);
  if (args.account !== undefined) requireAccount(stack, args.account);
  const withPassword = args["password-stdin"] === true;
  const accounts = chosen(stack, args, withPassword);
  return { stack, accounts, newPassword: withPassword ? await passwordOfStdin() : undefined };
}

/** The stack, the account and the new password of a `registry revoke`. */
export async function revocation(args: Args & { account: string }) {
  const live = await liveStack(args);
  requireOwnAccounts(live.settings);
  const stack = new LiveRotation(live);
  requireAccount(stack, args.account);
  const withPassword = args["password-stdin"] === true;
  requireItsOwnWay(stack, args.account, withPassword);
  return { stack, account: args.account, newPassword: withPassword ? await passwordOfStdin() : undefined };
}

export function chosen(stack: RotatingStack, { account, all }: Args, withPassword: boolean): string[] {
  const half = stack.accounts.filter((each) => isHalf(stack, each));
  if (account !== undefined) {
    if (!half.includes(account)) {
      requireNoHtpasswdLine(stack, account);
      requireLaterDay(stack, account);
      requireItsOwnWay(stack, account, withPassword);
    } else if (withPassword)
      throw new OperationError(
        `two passwords of ${account} work already; rotate --account ${account} ends that, then give the next one`,
      );
    return [account];
  }
  if (withPassword) throw new UsageError("--password-stdin needs --account: whose password it is");
  if (!all) return half;
  const given = stack.accounts.filter((each) => Object.hasOwn(stack.given, each) && !half.includes(each));
  if (given.length > 0)
    stack.say(
      `left out, for the secret passwords gives theirs: ${given.join(", ")}; each by --account and --password-stdin`,
    );
  const listed = stack.accounts.filter((each) => stack.inHtpasswd.includes(each) && !given.includes(each));
  if (listed.length > 0) stack.say(`left out, for the secret htpasswd has their lines: ${listed.join(", ")}`);
  const others = stack.accounts.filter((each) => !given.includes(each) && !listed.includes(each));
  const ended = others.filter((each) => !stack.canLogIn(each) && !half.includes(each));
  if (ended.length > 0) stack.say(`left out, for their last day is over: ${ended.join(", ")}; ${laterDay} first`);
  return others.filter((each) => !ended.includes(each));
}

const laterDay = "set accounts[].expires to a later day";

/** Throws if the account's last day is over: no login could prove that its new password works. */
function requireLaterDay(stack: RotatingStack, account: string): void {
  if (!stack.canLogIn(account))
    throw new OperationError(
      `${account}'s last day is over, and the registry refuses every password of ${account}; ${laterDay} first`,
    );
}

/** Throws if an htpasswd file gave the account a second password: the proxy knows two of an account at most. */
function requireNoHtpasswdLine({ inHtpasswd }: RotatingStack, account: string): void {
  if (inHtpasswd.includes(account))
    throw new OperationError(
      `${account} has a password from the secret htpasswd beside its own, and two at most; once nobody uses it, remove the line of ${account} there and run pulumi up, then rotate (docs/rotation.md); registry revoke ${account} ends both at once`,
    );
}

function requireItsOwnWay({ given }: RotatingStack, account: string, withPassword: boolean): void {
  const isGiven = Object.hasOwn(given, account);
  if (isGiven && !withPassword)
    throw new OperationError(`the secret passwords gives ${account}'s; give the new one: --password-stdin < FILE`);
  if (!isGiven && withPassword)
    throw new OperationError(`${account}'s password is generated, and the next one too; leave out --password-stdin`);
}

function requireAccount({ accounts }: RotatingStack, account: string): void {
  if (!accounts.includes(account))
    throw new OperationError(`no such account: ${account}; there are ${accounts.join(", ")}`);
}

function requireTwoAtATime(settings: Settings): void {
  requireOwnAccounts(settings);
  if (settings.variant.kind === "host" && settings.variant.proxy === "traefik")
    throw new OperationError(
      "traefik knows one password a name, so two never work at a time; registry revoke NAME gives another at once",
    );
}

function requireOwnAccounts({ variant }: Settings): void {
  if (variant.kind === "existing")
    throw new OperationError(
      "an existing registry's passwords are made there; then: pulumi config set --secret registryPassword, and pulumi up",
    );
}

/** Reads the new password from standard input, without the line break at its end. */
async function passwordOfStdin(): Promise<string> {
  if (process.stdin.isTTY)
    throw new UsageError("--password-stdin would show what is typed here; give it a file: --password-stdin < FILE");
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  const message = validatePasswords(JSON.stringify({ given: password }))?.replace(/^password 1 /, "");
  if (message !== undefined) throw new OperationError(`the password on standard input ${message}`);
  return password;
}

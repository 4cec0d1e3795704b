import { reachesBelow } from "../formats/repository-glob.ts";
import type { StackKeys } from "../stack-keys.ts";
import { repeated } from "./repeated.ts";
import type { ValidationError } from "./validation-error.ts";

/**
 * Rules of accounts: a registry that this stack creates needs accounts, and an existing registry has accounts of its
 * own.
 */
export function* validateAccounts(settings: StackKeys): Iterable<ValidationError> {
  for (const { entry, index, first } of repeated(settings.accounts, ({ name }) => name))
    yield {
      path: ["accounts", index, "name"],
      input: entry.name,
      message: `accounts[${first}] has that name; take another`,
    };
  yield* settings.variant.kind === "existing" ? validateExistingRegistry(settings) : validateOwnRegistry(settings);
}

function* validateOwnRegistry({ containerRegistry, accounts }: StackKeys): Iterable<ValidationError> {
  const { requiresAuthForPush, account: name, pathPrefix } = containerRegistry;
  if (!requiresAuthForPush)
    yield {
      path: ["containerRegistry", "requiresAuthForPush"],
      input: requiresAuthForPush,
      message: "a registry of ours lets nobody push without an account; remove the line",
    };
  if (accounts.length === 0)
    yield { path: ["accounts"], message: 'at least one, or nobody can push, as in - { name: jenkins, push: ["**"] }' };
  if (name === undefined || accounts.length === 0) return;

  const path = ["containerRegistry", "account"];
  const account = accounts.find((each) => each.name === name);
  if (account === undefined)
    yield { path, input: name, message: `no such account; there are ${accounts.map((each) => each.name).join(", ")}` };
  else if (!account.push.some((glob) => reachesBelow(glob, pathPrefix)))
    yield {
      path,
      input: name,
      message: `may push nothing where images go; give it push: ["${pathPrefix === "" ? "**" : `${pathPrefix}/**`}"]`,
    };
}

function* validateExistingRegistry({ containerRegistry, accounts }: StackKeys): Iterable<ValidationError> {
  if (accounts.length > 0)
    yield { path: ["accounts"], message: "an existing registry has accounts of its own; remove the key" };
  if (containerRegistry.account !== undefined)
    yield {
      path: ["containerRegistry", "account"],
      input: containerRegistry.account,
      message: "an existing registry takes the secrets registryUsername and registryPassword instead; remove the line",
    };
}

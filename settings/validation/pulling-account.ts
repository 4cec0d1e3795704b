import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/**
 * Checks that the account at `path` exists and may pull. `needed` makes a missing account an error. An existing
 * registry has no accounts in the stack file.
 */
export function* validatePullingAccount(
  path: (string | number)[],
  name: string | undefined,
  { variant, accounts, containerRegistry }: StackKeys,
  needed: boolean,
): Iterable<ValidationError> {
  if (variant.kind === "existing") {
    if (name !== undefined)
      yield { path, input: name, message: "an existing registry takes registryUsername instead; remove the line" };
    return;
  }
  const names = accounts.map((each) => each.name).join(", ");
  const account = accounts.find((each) => each.name === name);
  if (name === undefined) {
    if (needed) yield { path, message: `missing: whose credentials to pull with, one of ${names}` };
  } else if (account === undefined) yield { path, input: name, message: `no such account; there are ${names}` };
  else if (containerRegistry.requiresAuthForPull && account.push.length + account.pull.length === 0)
    yield { path, input: name, message: 'may pull nothing; give it pull: ["**"], or take another account' };
}

import { authFile } from "../../../lab/clients/auth-file.ts";
import type { Credentials } from "../../../lab/clients/clients.ts";
import { secretInput } from "../../../lab/clients/outcome.ts";
import type { Attempt, Machine } from "../../../lab/hosts/machine.ts";

/** A command of crane, the registry or repository that it uses and logs in to, and further arguments. */
export type CraneCommand = [command: "ls" | "catalog" | "delete" | "copy", target: string, ...more: string[]];

/** Runs a command of crane other than pull and push, as in `crane ls REPOSITORY` or `crane copy FROM TO`. */
export function crane(machine: Machine, command: CraneCommand, credentials?: Credentials): Promise<Attempt> {
  const [, target] = command;
  return machine.attempt(`${authFile}\nshift\nDOCKER_CONFIG="$auth" crane "$@"`, {
    args: [target, ...command],
    input: secretInput(credentials),
  });
}

import { shellWord } from "../../hosts/shell.ts";
import type { LiveStack } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { type ProgramKey, requireKey } from "../required-key.ts";
import { openMachine } from "./machine.ts";

/** A program that `up` writes to the registry host for a key of the stack file. */
export type HostProgram = {
  path: string;
  /** The key of the stack file without which the host does not have it. */
  key: ProgramKey;
  /** The exit status with which it says that it did its work, and found problems. @default none */
  foundProblems?: number;
};

/** Runs a program of the stack's registry host as root, and returns its standard output. Its messages are printed meanwhile. */
export async function runHostProgram(
  stack: LiveStack,
  { path, key, foundProblems = 0 }: HostProgram,
  args: readonly string[],
): Promise<string> {
  const { name, settings, secrets } = stack;
  const { variant } = settings;
  if (variant.kind !== "host")
    throw new OperationError(
      `stack ${name} has variant ${variant.kind}, which has no key ${key}; docs/stack-file.md says what to do instead`,
    );
  requireKey(stack, key);
  await using machine = await openMachine(variant.connection, secrets);
  const missing = `error: ${path} is missing; it comes with: pulumi up --stack ${name}`;
  const script = `[ -f ${path} ] || { echo ${shellWord(missing)} >&2; exit 1; }
sh ${[path, ...args].map(shellWord).join(" ")} || { status=$?; [ "$status" -eq ${foundProblems} ] || exit "$status"; }
`;
  // Awaited here: the connection is closed when this function returns.
  const output = await machine.run(script, { onLine: (line) => console.error(line) });
  if (output.trim() === "")
    throw new OperationError(`${machine.name}: ${path} ended without a report; its last lines are above`);
  return output;
}

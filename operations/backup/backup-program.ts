import { shellWord } from "../../hosts/shell.ts";
import { backupProgram } from "../../render/backup/paths.ts";
import type { LiveStack } from "../live-stack.ts";
import { openMachine } from "../machines/machine.ts";
import { OperationError } from "../operation-error.ts";

/** The exit status with which the program says that it did its work, and found problems. */
const foundProblems = 4;

/** Runs the backup program of the stack's registry host, and returns its standard output. Its messages are printed meanwhile. */
export async function runBackupProgram(
  { name, settings: { variant, backup }, secrets }: LiveStack,
  args: readonly string[],
): Promise<string> {
  if (variant.kind !== "host")
    throw new OperationError(
      `stack ${name} has variant ${variant.kind}, and backups are for variant host; docs/storage.md says what to do instead`,
    );
  if (backup === undefined)
    throw new OperationError(
      `stack ${name} has no key backup; add it to the stack file (docs/storage.md), then: pulumi up`,
    );
  await using machine = await openMachine(variant.connection, secrets);
  // Awaited here: the connection is closed when this function returns.
  const output = await machine.run(script(name, args), { onLine: (line) => console.error(line) });
  if (output.trim() === "")
    throw new OperationError(`${machine.name}: the backup program ended without a report; its last lines are above`);
  return output;
}

function script(stack: string, args: readonly string[]): string {
  const missing = `error: the registry host has no backup program yet; first: pulumi up --stack ${stack}`;
  return `[ -f ${backupProgram} ] || { echo ${shellWord(missing)} >&2; exit 1; }
sh ${[backupProgram, ...args].map(shellWord).join(" ")} || { status=$?; [ "$status" -eq ${foundProblems} ] || exit "$status"; }
`;
}

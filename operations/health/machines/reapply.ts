import type { ClearSecrets } from "../../../settings/secrets/secrets.ts";
import { localShell } from "../../machines/local-shell.ts";
import { openSshShell } from "../../machines/ssh-shell.ts";
import { OperationError } from "../../operation-error.ts";
import type { AppliedCommand } from "./applied-commands.ts";
import type { StackMachine } from "./stack-machines.ts";

/**
 * Runs the last up's command on its machine once more: it compares each file, writes those that differ, starts what does not
 * run, and verifies that it serves, or rolls back. The state stays as it is.
 */
export async function reapply(
  { where, connection }: StackMachine,
  { create, stdin }: AppliedCommand,
  { sshPrivateKey }: Pick<ClearSecrets, "sshPrivateKey">,
): Promise<void> {
  await using shell = connection.kind === "ssh" ? await openSshShell(connection, sshPrivateKey) : localShell();
  const said: string[] = [];
  const onLine = (line: string) => {
    said.push(line);
    console.error(`${where}: ${line}`);
  };
  const { exitCode } = await shell.execute(create, { stdin, onLine });
  if (exitCode !== 0)
    throw new OperationError(`${where}: ${said.at(-1) ?? `the command ended with exit code ${exitCode}`}`);
}

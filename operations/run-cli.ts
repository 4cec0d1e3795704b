import { type ArgsDef, type CommandDef, runCommand } from "citty";
import { SettingsError } from "../settings/problems.ts";
import { exitCodes } from "./exit-codes.ts";
import { OperationError } from "./operation-error.ts";

/** Runs a command line, and returns its exit code: what a person can act on is printed as a message, a bug with its stack. */
export async function runCli<T extends ArgsDef>(command: CommandDef<T>, rawArgs: string[]): Promise<number> {
  try {
    const { result } = await runCommand(command, { rawArgs, showUsage: true });
    return typeof result === "number" ? result : exitCodes.done;
  } catch (error) {
    const known = error instanceof OperationError || error instanceof SettingsError;
    console.error(known ? `error: ${error.message}` : error);
    return exitCodes.failed;
  }
}

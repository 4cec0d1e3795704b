import { backupProgram } from "../../render/backup/paths.ts";
import type { LiveStack } from "../live-stack.ts";
import { type HostProgram, runHostProgram } from "../machines/host-program.ts";

const program: HostProgram = { path: backupProgram, key: "backup", foundProblems: 4 };

/** Runs the backup program of the stack's registry host, and returns its standard output. */
export function runBackupProgram(stack: LiveStack, args: readonly string[]): Promise<string> {
  return runHostProgram(stack, program, args);
}

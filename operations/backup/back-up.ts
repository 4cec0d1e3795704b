import { z } from "zod";
import type { LiveStack } from "../live-stack.ts";
import { sizeText } from "../size-text.ts";
import { runBackupProgram } from "./backup-program.ts";

/** What a backup did, as `registry backup --json` prints it. */
const BackupReport = z.strictObject({
  /** Every push that was acknowledged before this second is in the backup. */
  covered: z.iso.datetime(),
  /** Where it is, in restic's notation. */
  repository: z.string(),
  files: z.int(),
  /** The size of everything that it covers. */
  bytes: z.int(),
  /** What was new, and so was copied. */
  added: z.int(),
  seconds: z.int(),
  /** How many backups there are now. */
  backups: z.int(),
});

export type BackupReport = z.output<typeof BackupReport>;

/** Makes a backup of the stack's registry now. */
export async function backUp(stack: LiveStack): Promise<BackupReport> {
  return BackupReport.parse(JSON.parse(await runBackupProgram(stack, "backup")));
}

/** The report as a sentence. */
export function backupText({ covered, repository, files, bytes, added, seconds, backups }: BackupReport): string {
  return `backed up to ${repository} in ${seconds} s: ${files} files, ${sizeText(bytes)}, of which ${sizeText(added)} new; covers every push until ${covered}; ${backups} backups there`;
}

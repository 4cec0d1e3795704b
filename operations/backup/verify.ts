import { z } from "zod";
import type { LiveStack } from "../live-stack.ts";
import { runBackupProgram } from "./backup-program.ts";
import { Problem, problemsIn } from "./problems.ts";

/** What a verification found, as `registry backup verify --json` prints it. */
const VerifyReport = z.strictObject({
  /** The second until which the backup that was checked covers every push. */
  backup: z.iso.datetime(),
  /** How many blobs were restored and hashed. */
  blobs: z.int(),
  /** How many manifests and blobs were pulled by digest. */
  pulled: z.int(),
  seconds: z.int(),
  problems: z.array(Problem),
});

export type VerifyReport = z.output<typeof VerifyReport>;

/** Checks the live storage, and that the newest backup restores. */
export async function verifyBackup(stack: LiveStack): Promise<VerifyReport> {
  const { problems, summary } = problemsIn(await runBackupProgram(stack, ["verify"]));
  return VerifyReport.parse({ ...summary, problems });
}

/** The report as text. The problems themselves were printed while the check ran. */
export function verifyText({ backup, blobs, pulled, seconds, problems }: VerifyReport): string {
  const checked = `the backup of ${backup} was restored in a scratch registry: ${blobs} blobs re-hashed, ${pulled} manifests and blobs pulled by digest, in ${seconds} s`;
  if (problems.length === 0) return `${checked}; it and the live storage are whole`;
  const live = problems.filter((problem) => problem.in === "live").length;
  return `${checked}; ${live} problems in the live storage, ${problems.length - live} in the backup; mend the live storage: registry restore`;
}

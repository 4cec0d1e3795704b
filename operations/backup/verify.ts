import { z } from "zod";
import type { LiveStack } from "../live-stack.ts";
import { UsageError } from "../operation-error.ts";
import { runBackupProgram } from "./backup-program.ts";
import { Problem, problemsIn } from "./problems.ts";

/** What a verification found, as `registry backup verify --json` prints it. */
const VerifyReport = z.strictObject({
  /** The second until which the backup that was checked covers every push. */
  backup: z.iso.datetime(),
  /** How many tags the backup has, and how many of them were restored. */
  tags: z.int(),
  restoredTags: z.int(),
  /** How many blobs were restored and hashed. */
  blobs: z.int(),
  /** How many manifests and blobs were pulled by digest. */
  pulled: z.int(),
  seconds: z.int(),
  problems: z.array(Problem),
});

export type VerifyReport = z.output<typeof VerifyReport>;

/** Checks the live storage, and that the newest backup restores: all of it, or a random share of its tags, as in `10%`. */
export async function verifyBackup(stack: LiveStack, sample?: string): Promise<VerifyReport> {
  const share = sample === undefined ? [] : [percent(sample)];
  const { problems, summary } = problemsIn(await runBackupProgram(stack, "verify", share));
  return VerifyReport.parse({ ...summary, problems });
}

/** The report as text. The problems themselves were printed while the check ran. */
export function verifyText({ backup, tags, restoredTags, blobs, pulled, seconds, problems }: VerifyReport): string {
  const checked = `the backup of ${backup} was restored in a scratch registry: ${restoredTags} of ${tags} tags, ${blobs} blobs re-hashed, ${pulled} manifests and blobs pulled by digest, in ${seconds} s`;
  if (problems.length === 0) return `${checked}; it and the live storage are whole`;
  const live = problems.filter((problem) => problem.in === "live").length;
  return `${checked}; ${live} problems in the live storage, ${problems.length - live} in the backup; mend the live storage: registry restore`;
}

function percent(sample: string): string {
  const [, number = ""] = /^(\d+)%$/.exec(sample) ?? [];
  if (Number(number) < 1 || Number(number) > 100)
    throw new UsageError(`--sample ${sample} is no share of the tags; 1% to 100%, as in 10%`);
  return String(Number(number));
}

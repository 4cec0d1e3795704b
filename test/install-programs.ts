import { type DebianPrograms, ensurePrograms, isDebianRoot } from "../lab/debian/debian.ts";
import { LabError } from "../lab/lab-error.ts";
import { say } from "../lab/progress.ts";

/**
 * Installs what some tests of a project can do without, before the first of them: all at once, and only on Debian as root. Where
 * one is still missing afterwards, the tests that want it say so and are skipped.
 */
export async function installPrograms(programs: DebianPrograms): Promise<void> {
  if (!(await isDebianRoot())) return;
  try {
    await ensurePrograms(programs, "");
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    say(`some tests will be skipped: ${error.message}`);
  }
}

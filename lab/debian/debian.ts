import { execa } from "execa";
import { exists } from "../exists.ts";
import { LabError } from "../lab-error.ts";
import { withLabLock } from "../locks/lock.ts";
import { step } from "../progress.ts";
import { aptInstall } from "./apt.ts";

/** Programs, by name or path, with the Debian packages to install for each. */
export type DebianPrograms = Record<string, readonly string[]>;

/** Whether the lab can install packages: on Debian, as root. */
export async function isDebianRoot(): Promise<boolean> {
  return process.getuid?.() === 0 && (await exists("/etc/debian_version")) && (await onPath("apt-get"));
}

/**
 * Installs the programs that are missing, if this process is root on Debian. Otherwise a missing program is an error with the
 * message `otherwise`. The lab, tests and benchmarks install packages only with this function. A lock ensures that only one of
 * several processes installs a program.
 *
 * @example await ensurePrograms({ h2load: ["nghttp2-client"] }, "the benchmark needs h2load; install it, then run it again")
 */
export async function ensurePrograms(programs: DebianPrograms, otherwise: string): Promise<void> {
  if ((await missing(programs)).length === 0) return;
  if (!(await isDebianRoot())) throw new LabError(otherwise);
  await withLabLock(async () => {
    // Another process may have installed the programs while this one waited for the lock.
    const packages = await missing(programs);
    if (packages.length > 0) await step(`Debian packages: install ${packages.join(", ")}`, () => aptInstall(packages));
  }, "packages");
}

/** Whether a shell would find that program. */
async function onPath(program: string): Promise<boolean> {
  const { exitCode } = await execa("sh", ["-c", 'command -v "$0"', program], { reject: false });
  return exitCode === 0;
}

async function missing(programs: DebianPrograms): Promise<string[]> {
  const packages = new Set<string>();
  for (const [program, containedIn] of Object.entries(programs))
    if (!(await onPath(program))) for (const each of containedIn) packages.add(each);
  return [...packages];
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

const checkout = join(import.meta.dirname, "..");

/** Copies this checkout as a clone would have it after a commit of everything: without what Git ignores, and without .git. */
export async function trackedCopy(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const pack = "git ls-files -z --cached --others --exclude-standard | tar --create --null --ignore-failed-read -T -";
  await execa("sh", ["-ec", `${pack} 2>/dev/null | tar --extract --directory "$0"`, folder], { cwd: checkout });
}

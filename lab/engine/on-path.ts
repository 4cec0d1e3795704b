import { delimiter, join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";
import { say } from "../progress.ts";

/** The oldest engine that can be used. Older engines lack features that the SDK in package.json needs. */
export const oldestFitting = "3.248.0";

/** Whether an engine of that version runs the program: 3.248.0 or newer, before 4. */
export function fits(version: string): boolean {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestFitting.split(".").map(Number);
  return major === oldestMajor && (minor ?? 0) >= (oldestMinor ?? 0);
}

/** The folder of the first `pulumi` on PATH, unless the lab built it or its version does not fit. */
export async function engineOnPath(): Promise<{ folder: string; version: string } | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const program = join(folder, "pulumi");
    if (!folder.startsWith("/") || folder.startsWith(cacheDirectory()) || !(await exists(program))) continue;
    const { stdout, exitCode } = await execa(program, ["version"], { reject: false, timeout: 10_000 });
    const version = stdout.trim().replace(/^v/, "");
    if (exitCode === 0 && fits(version)) return { folder, version };
    say(
      `${program} is not used: its version is ${version || "unknown"}, and ${oldestFitting} or newer, before 4, is needed`,
    );
    return undefined;
  }
  return undefined;
}

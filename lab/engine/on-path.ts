import { delimiter, join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";
import { say } from "../progress.ts";

/** Older engines do not know what the SDK in package.json asks of them. */
export const oldestFitting = "3.248.0";

/** Whether that engine runs the program: from 3.248.0, before 4. */
export function fits(version: string): boolean {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestFitting.split(".").map(Number);
  return major === oldestMajor && (minor ?? 0) >= (oldestMinor ?? 0);
}

/** The folder of the `pulumi` that a shell would run, where it is not the lab's own and its version fits. */
export async function engineOnPath(): Promise<{ folder: string; version: string } | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const program = join(folder, "pulumi");
    if (!folder.startsWith("/") || folder.startsWith(cacheDirectory()) || !(await exists(program))) continue;
    const { stdout, exitCode } = await execa(program, ["version"], { reject: false, timeout: 10_000 });
    const version = stdout.trim().replace(/^v/, "");
    if (exitCode === 0 && fits(version)) return { folder, version };
    say(`${program} is ${version || "not working"}, and ${oldestFitting} or newer is needed, before 4: not used`);
    return undefined;
  }
  return undefined;
}

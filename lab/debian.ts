import { execa } from "execa";
import { exists } from "./exists.ts";

/** Whether packages can be installed here. */
export async function isDebianRoot(): Promise<boolean> {
  return process.getuid?.() === 0 && (await exists("/etc/debian_version")) && (await onPath("apt-get"));
}

/** Installs Debian packages, without what they merely recommend. */
export async function aptInstall(...packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execa("apt-get", ["update"], { env });
  await execa("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
}

/** Whether a shell would find that program. */
export async function onPath(program: string): Promise<boolean> {
  const { exitCode } = await execa("sh", ["-c", 'command -v "$0"', program], { reject: false });
  return exitCode === 0;
}

import { execa } from "execa";
import { exists } from "./exists.ts";
import { withLabLock } from "./lock.ts";

/** Whether packages can be installed here. */
export async function isDebianRoot(): Promise<boolean> {
  return process.getuid?.() === 0 && (await exists("/etc/debian_version")) && (await onPath("apt-get"));
}

/**
 * Installs Debian packages, without what they merely recommend. The lab's own machine gets few: docker.io and
 * debootstrap for its machines, golang-go where Go can't be fetched, etcd-server for a bare Kubernetes API, and chromium
 * for the page. One installation at a time: apt itself does not wait for its lock.
 */
export async function aptInstall(...packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await withLabLock(async () => {
    await execa("apt-get", ["update"], { env });
    await execa("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  }, "packages");
}

/** Whether a shell would find that program. */
export async function onPath(program: string): Promise<boolean> {
  const { exitCode } = await execa("sh", ["-c", 'command -v "$0"', program], { reject: false });
  return exitCode === 0;
}

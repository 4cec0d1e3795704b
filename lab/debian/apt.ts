import { chmod, mkdtemp, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type ExecaError, execa } from "execa";
import { LabError } from "../lab-error.ts";

/** How long to wait for apt's locks, which an unattended upgrade may hold for many minutes. */
const retrySeconds = 1800;

/**
 * Installs Debian packages, without the packages that these recommend. Other apt processes may run at the same time. This
 * function never removes a package.
 */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  await updateLists();
  // Debian's container images delete /var/cache/apt/archives/*.deb after every `apt-get update`, so a parallel installation
  // would lose what it has just downloaded. The directory is not below /tmp, which may be in memory.
  const archives = await mkdtemp("/var/tmp/container-registry-lab-archives-");
  try {
    // apt downloads as the user _apt, who must be able to open this directory.
    await chmod(archives, 0o755);
    const options = ["-o", `Dir::Cache::archives=${archives}`, "-o", `DPkg::Lock::Timeout=${retrySeconds}`];
    await aptGet([...options, "install", "-y", "--no-remove", "--no-install-recommends", ...packages]);
  } catch (error) {
    throw new LabError(`apt-get could not install ${packages.join(", ")}. apt-get printed:\n${lastLines(error)}`);
  } finally {
    await rm(archives, { recursive: true, force: true });
  }
}

/** Unlike `apt-get install`, `apt-get update` does not wait for another process's lock. */
async function updateLists(): Promise<void> {
  const deadline = Date.now() + retrySeconds * 1000;
  for (;;) {
    try {
      return await aptGet(["update"]);
    } catch (error) {
      const locked = lastLines(error).includes("Could not get lock");
      if (!locked || Date.now() > deadline)
        throw new LabError(`apt-get could not update its package lists. apt-get printed:\n${lastLines(error)}`);
      await sleep(1000);
    }
  }
}

async function aptGet(args: readonly string[]): Promise<void> {
  const env = {
    DEBIAN_FRONTEND: "noninteractive",
    LC_ALL: "C",
    // Without systemd, run level 1 keeps the packages from starting their services.
    RUNLEVEL: "1",
  };
  await execa("apt-get", args, { env, stdin: "ignore", all: true });
}

function lastLines(error: unknown): string {
  const { all, shortMessage } = error as ExecaError<{ all: true }>;
  return (all || shortMessage || String(error)).trim().split("\n").slice(-15).join("\n");
}

import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { type ExecaError, execa } from "execa";
import { LabError } from "../lab-error.ts";

/** How long to wait for dpkg's lock, which an unattended upgrade may hold for many minutes. */
const lockSeconds = 1800;

/**
 * Installs Debian packages, without the packages that these recommend. Other apt processes may run at the same time: only
 * dpkg's lock is shared with them. This function never removes a package.
 */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  // The directory is not below /tmp, which may be in memory.
  const directory = await mkdtemp("/var/tmp/container-registry-lab-apt-");
  try {
    // apt downloads as the user _apt, who must be able to open this directory.
    await chmod(directory, 0o755);
    for (const each of ["lists", "archives"]) await mkdir(`${directory}/${each}/partial`, { recursive: true });
    await aptGet(directory, ["update"]);
    await aptGet(directory, ["install", "-y", "--no-remove", "--no-install-recommends", ...packages]);
  } catch (error) {
    throw new LabError(`apt-get could not install ${packages.join(", ")}. apt-get printed:\n${lastLines(error)}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Runs `apt-get` with package lists and downloads in that directory. Another process's `apt-get update` replaces the system's
 * lists and cache while this one reads them, and on Debian's container images it also deletes downloaded packages.
 */
async function aptGet(directory: string, args: readonly string[]): Promise<void> {
  const options = [
    `Dir::State::lists=${directory}/lists`,
    `Dir::Cache=${directory}`,
    `DPkg::Lock::Timeout=${lockSeconds}`,
  ];
  const env = {
    DEBIAN_FRONTEND: "noninteractive",
    LC_ALL: "C",
    // Without systemd, run level 1 keeps the packages from starting their services.
    RUNLEVEL: "1",
  };
  await execa("apt-get", [...options.flatMap((option) => ["-o", option]), ...args], {
    env,
    stdin: "ignore",
    all: true,
  });
}

function lastLines(error: unknown): string {
  const { all, shortMessage } = error as ExecaError<{ all: true }>;
  return (all || shortMessage || String(error)).trim().split("\n").slice(-15).join("\n");
}

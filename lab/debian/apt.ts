import { chmod, mkdtemp, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type ExecaError, execa } from "execa";
import { LabError } from "../lab-error.ts";

/** An unattended upgrade may keep apt's locks for many minutes. */
const retrySeconds = 1800;

/**
 * Installs Debian packages, without what they merely recommend, beside any other apt at work on this machine. It never
 * removes a package.
 */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  await updateLists();
  // Debian's container images delete /var/cache/apt/archives/*.deb after every `apt-get update`, whoever runs it, so that an
  // installation beside it loses what it has just downloaded. Not below /tmp, which may be memory.
  const archives = await mkdtemp("/var/tmp/container-registry-lab-archives-");
  try {
    // apt downloads as its own user, _apt.
    await chmod(archives, 0o755);
    const options = ["-o", `Dir::Cache::archives=${archives}`, "-o", `DPkg::Lock::Timeout=${retrySeconds}`];
    await aptGet([...options, "install", "-y", "--no-remove", "--no-install-recommends", ...packages]);
  } catch (error) {
    throw new LabError(`apt-get could not install ${packages.join(", ")}. It said:\n${lastLines(error)}`);
  } finally {
    await rm(archives, { recursive: true, force: true });
  }
}

/** Unlike an installation, apt's own update does not wait for somebody else's. */
async function updateLists(): Promise<void> {
  const deadline = Date.now() + retrySeconds * 1000;
  for (;;) {
    try {
      return await aptGet(["update"]);
    } catch (error) {
      const locked = lastLines(error).includes("Could not get lock");
      if (!locked || Date.now() > deadline)
        throw new LabError(`apt-get could not update its lists of packages. It said:\n${lastLines(error)}`);
      await sleep(1000);
    }
  }
}

async function aptGet(args: readonly string[]): Promise<void> {
  const env = {
    DEBIAN_FRONTEND: "noninteractive",
    LC_ALL: "C",
    // Where there is no systemd, it keeps the packages' services from being started.
    RUNLEVEL: "1",
  };
  await execa("apt-get", args, { env, stdin: "ignore", all: true });
}

function lastLines(error: unknown): string {
  const { all, shortMessage } = error as ExecaError<{ all: true }>;
  return (all || shortMessage || String(error)).trim().split("\n").slice(-15).join("\n");
}

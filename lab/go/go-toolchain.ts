import { chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { ensurePrograms, isDebianRoot } from "../debian/debian.ts";
import { exists } from "../exists.ts";
import { LabError } from "../lab-error.ts";
import { withLabLock } from "../locks/lock.ts";
import { step } from "../progress.ts";
import { thisPlatform } from "./go-platform.ts";

/**
 * The Go toolchain that is downloaded if the machine has no Go, or a Go older than 1.21, as in Debian 12. Go 1.21 and newer
 * download the toolchain that a build needs.
 */
const toolchain = "go1.26.0";

/** Ensures that this process's PATH has a Go that can build the lab's programs. */
export async function ensureGo(toBuild: string): Promise<void> {
  if (await goFits()) return;
  const folder = toolchainFolder();
  const noGo = `${toBuild} has to be built from Go modules, and the PATH has no go 1.21 or newer; install Go (https://go.dev/dl/), then run this again`;
  if (!(await exists(folder))) {
    if (!(await isDebianRoot())) throw new LabError(noGo);
    await ensurePrograms({ go: ["golang-go"], "update-ca-certificates": ["ca-certificates"] }, noGo);
    await withLabLock(async () => (await exists(folder)) || fetchToolchain(folder), "go");
  }
  process.env.PATH = [join(folder, "bin"), process.env.PATH].join(delimiter);
}

/** Whether Go is on the PATH, was downloaded, or can be installed: then `ensureGo` should succeed. */
export async function goCanBeHad(): Promise<boolean> {
  return (await goFits()) || (await exists(toolchainFolder())) || (await isDebianRoot());
}

async function goFits(): Promise<boolean> {
  const { stdout, exitCode } = await execa("go", ["version"], { reject: false });
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  return exitCode === 0 && (Number(major) > 1 || Number(minor) >= 21);
}

/**
 * Downloads the toolchain as a Go module. Debian's Go is too old to switch to another toolchain, but it can download
 * modules.
 */
function fetchToolchain(folder: string): Promise<void> {
  return step(`Go: download the toolchain ${toolchain} as a module`, () => download(folder));
}

async function download(folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "container-registry-lab-"));
  const env = { GOMODCACHE: join(work, "modules"), GOFLAGS: "-mod=mod -modcacherw", GOSUMDB: "off" };
  try {
    const module = `golang.org/toolchain@v0.0.1-${toolchain}.${platform()}`;
    await execa("go", ["mod", "download", module], { cwd: work, env });
    const unpacked = join(work, "modules", module);
    // Files of a module have no execute permission.
    for (const programs of ["bin", `pkg/tool/${platform().replace("-", "_")}`])
      for (const program of await readdir(join(unpacked, programs)))
        await chmod(join(unpacked, programs, program), 0o755);
    await mkdir(cacheDirectory(), { recursive: true });
    await execa("cp", ["--archive", unpacked, `${folder}.${process.pid}`]);
    await rename(`${folder}.${process.pid}`, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function platform(): string {
  return `${thisPlatform.os}-${thisPlatform.arch}`;
}

function toolchainFolder(): string {
  return join(cacheDirectory(), toolchain);
}

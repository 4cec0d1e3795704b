import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ExecaError, execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";
import { LabError } from "../lab-error.ts";
import { isAlive } from "../locks/alive.ts";
import { withLabLock } from "../locks/lock.ts";
import { step } from "../progress.ts";
import { type GoPlatform, isThisPlatform, thisPlatform } from "./go-platform.ts";
import { ensureGo, goCanBeHad } from "./go-toolchain.ts";

export type GoBinary = {
  /** Its folder in the cache is `<name>-<version>`, followed by a hash where `sources` or `patches` are given. */
  name: string;
  /** The version without the `v`, as in `2.11.4`. */
  version: string;
  /** The main package, as in `github.com/caddyserver/caddy/v2/cmd/caddy`. */
  package: string;
  /** File name of the built program. */
  binary: string;
  /** Experiments of the Go toolchain that the sources need, as in `jsonv2`. @default none */
  experiment?: string;
  /** Linker flags, besides `-s -w`. @default none */
  ldflags?: string;
  /**
   * A go.mod for the build, for modules that `go install` rejects because of their `replace` lines, or that need other modules
   * at certain versions. @default none: `go install <package>@v<version>`
   */
  goMod?: string;
  /** Sources beside that go.mod, by path: a main package, a local module. @default none */
  sources?: Record<string, string>;
  /** Files that replace a module's own, by `<module>@<version>` and path, to leave out large dependencies. @default none */
  patches?: Record<string, Record<string, string>>;
};

const running = new Map<string, Promise<string>>();

/**
 * Builds a program from its Go modules, unless the cache has that version, and returns its path. A program for containers is
 * built for `dockerPlatform()`.
 *
 * @example await goBinary({ name: "caddy", version: "2.11.4", package: "github.com/caddyserver/caddy/v2/cmd/caddy", binary: "caddy" })
 */
export function goBinary(wanted: GoBinary, platform = thisPlatform): Promise<string> {
  const path = goBinaryPath(wanted, platform);
  const found = running.get(path) ?? findOrBuild(wanted, platform, path);
  running.set(path, found);
  found.catch(() => running.delete(path));
  return found;
}

/** The path that the program has after it was built. */
export function goBinaryPath(wanted: GoBinary, platform = thisPlatform): string {
  const folder = `${wanted.name}-${buildVersion(wanted)}`;
  const suffix = isThisPlatform(platform) ? "" : `-${platform.os}-${platform.arch}`;
  return join(cacheDirectory(), `${folder}${suffix}`, wanted.binary);
}

/** The version, with a hash of `sources` and `patches` where they are given. */
export function buildVersion({ version, sources, patches }: GoBinary): string {
  if (sources === undefined && patches === undefined) return version;
  const own = JSON.stringify([sources, patches]);
  return `${version}-${createHash("sha256").update(own).digest("hex").slice(0, 8)}`;
}

/** Whether Go is installed, or can be downloaded. */
export const goIsInstalled = goCanBeHad;

async function findOrBuild(wanted: GoBinary, platform: GoPlatform, path: string): Promise<string> {
  // One build at a time: a build uses every core, and another process may be building the same program.
  if (!(await exists(path))) await withLabLock(() => buildOnce(wanted, platform, path), "builds");
  return path;
}

async function buildOnce(wanted: GoBinary, platform: GoPlatform, path: string): Promise<void> {
  if (await exists(path)) return;
  await ensureGo(`${wanted.binary} ${wanted.version}`);
  const on = isThisPlatform(platform) ? "" : ` for ${platform.os}/${platform.arch}`;
  await step(`${wanted.binary} ${wanted.version}: build from Go modules${on}`, () => build(wanted, platform, path));
}

/** Builds in a temporary folder and renames the result, so that a killed build leaves no incomplete program. */
async function build(wanted: GoBinary, platform: GoPlatform, path: string): Promise<void> {
  const aside = join(cacheDirectory(), `.building-${process.pid}-${wanted.name}-${wanted.binary}`);
  await sweepKilledBuilds();
  await mkdir(aside, { recursive: true });
  try {
    const built =
      wanted.goMod === undefined
        ? await install(wanted, platform, aside)
        : await buildModule(wanted, wanted.goMod, platform, aside);
    await mkdir(join(path, ".."), { recursive: true });
    await rename(built, path);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function install(wanted: GoBinary, platform: GoPlatform, aside: string): Promise<string> {
  const args = ["install", ...buildFlags(wanted), `${wanted.package}@v${wanted.version}`];
  const program = basename(wanted.package);
  if (isThisPlatform(platform)) {
    await go(wanted, aside, args, { GOBIN: aside });
    return join(aside, program);
  }
  // `go install` fails for another platform where GOBIN is set. It writes below GOPATH, which also has the downloaded modules.
  const modules = await go(wanted, aside, ["env", "GOMODCACHE"]);
  await go(wanted, aside, args, { ...target(platform), GOBIN: undefined, GOPATH: aside, GOMODCACHE: modules });
  return join(aside, "bin", `${platform.os}_${platform.arch}`, program);
}

async function buildModule(wanted: GoBinary, goMod: string, platform: GoPlatform, aside: string): Promise<string> {
  await writeFiles(aside, { ...wanted.sources, "go.mod": goMod });
  for (const [module, files] of Object.entries(wanted.patches ?? {})) await patchModule(wanted, aside, module, files);
  const built = join(aside, "built");
  await go(wanted, aside, ["build", ...buildFlags(wanted), "-o", built, wanted.package], target(platform));
  return built;
}

function target({ os, arch }: GoPlatform): NodeJS.ProcessEnv {
  return { GOOS: os, GOARCH: arch };
}

/** Patches a copy of the module, because Go's module cache is read-only. */
async function patchModule(
  wanted: GoBinary,
  aside: string,
  module: string,
  files: Record<string, string>,
): Promise<void> {
  const [path = ""] = module.split("@");
  const { Dir } = JSON.parse(await go(wanted, aside, ["mod", "download", "-json", module])) as { Dir: string };
  await execa("cp", ["--recursive", "--no-preserve=mode", Dir, join(aside, basename(Dir))]);
  await writeFiles(join(aside, basename(Dir)), files);
  await appendFile(join(aside, "go.mod"), `\nreplace ${path} => ./${basename(Dir)}\n`);
}

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function buildFlags({ ldflags }: GoBinary): string[] {
  return ["-trimpath", "-ldflags", ["-s -w", ldflags].filter(Boolean).join(" ")];
}

async function go(wanted: GoBinary, aside: string, args: string[], settings: NodeJS.ProcessEnv = {}): Promise<string> {
  // The lab has no go.sum files, and the checksum database may not be reachable.
  const { experiment = "" } = wanted;
  const env = {
    CGO_ENABLED: "0",
    GOEXPERIMENT: experiment,
    GOFLAGS: "-mod=mod",
    GOSUMDB: "off",
    GOWORK: "off",
    ...settings,
  };
  try {
    return (await execa("go", args, { cwd: aside, env, all: true })).stdout;
  } catch (error) {
    const output = (error as ExecaError<{ all: true }>).all ?? String(error);
    throw new LabError(
      `go ${args[0]} of ${wanted.package} v${wanted.version} failed; check that the Go module proxy is reachable (go env GOPROXY). Go printed:\n${lastLines(output)}`,
    );
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-15).join("\n");
}

async function sweepKilledBuilds(): Promise<void> {
  const entries = await readdir(cacheDirectory()).catch(() => []);
  for (const entry of entries) {
    const pid = /^\.building-(\d+)-/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(cacheDirectory(), entry), { recursive: true });
  }
}

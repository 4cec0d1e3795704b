import { copyFile, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ExecaError, execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";
import { LabError } from "../lab-error.ts";
import { ensureGo } from "./go-toolchain.ts";

export type GoModule = {
  /** The module's path, as in `github.com/traefik/traefik/v3`. */
  module: string;
  /** The module's version without the `v`, as in `3.7.9`. */
  version: string;
};

/**
 * Downloads one file of a published Go module, unless the cache has it, and returns its path.
 *
 * @example await goModuleFile({ module: "github.com/traefik/traefik/v3", version: "3.7.9" }, "LICENSE.md")
 */
export async function goModuleFile({ module, version }: GoModule, file: string): Promise<string> {
  const wanted = `${module}@v${version}`;
  const path = join(cacheDirectory(), "modules", wanted, file);
  if (await exists(path)) return path;
  await ensureGo(`${file} of ${wanted}`);
  const aside = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await copyFile(join(await download(wanted), file), aside);
  await rename(aside, path);
  return path;
}

/** Path of a published Go module's folder in Go's module cache, which is read-only. */
export async function goModuleFolder({ module, version }: GoModule): Promise<string> {
  const wanted = `${module}@v${version}`;
  await ensureGo(wanted);
  return download(wanted);
}

async function download(wanted: string): Promise<string> {
  const env = { GOFLAGS: "-mod=mod", GOSUMDB: "off", GOWORK: "off" };
  try {
    const { stdout } = await execa("go", ["mod", "download", "-json", wanted], { cwd: cacheDirectory(), env });
    return (JSON.parse(stdout) as { Dir: string }).Dir;
  } catch (error) {
    const { stdout, stderr, shortMessage } = error as ExecaError;
    throw new LabError(
      `the Go module ${wanted} could not be downloaded; check that the Go module proxy is reachable (go env GOPROXY). Go printed: ${stderr || stdout || shortMessage}`,
    );
  }
}

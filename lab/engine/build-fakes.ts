import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";

/** Plugins that the lab has fakes of, and the entry point of each fake in `lab/pulumi-fakes/`. */
const sources = {
  "pulumi-language-nodejs": "language-nodejs.ts",
  "pulumi-resource-command": "resource-command.ts",
  "pulumi-resource-kubernetes": "resource-kubernetes.ts",
  "pulumi-resource-random": "resource-random.ts",
  "pulumi-resource-tls": "resource-tls.ts",
};

const unusedAfterMs = 24 * 3_600_000;
const sourceFolder = join(import.meta.dirname, "../pulumi-fakes");
const lockFile = join(import.meta.dirname, "../../package-lock.json");

/**
 * Builds the fakes, unless the cache has them, and returns their folder, which belongs at the front of PATH. Each fake is
 * bundled into one file, because every preview starts the plugins: a bundle starts in 0.08 s, the sources with tsx in 0.25 s.
 */
export async function buildFakes(): Promise<string> {
  const folder = join(cacheDirectory(), `fakes-${await sourceDigest()}`);
  if (await exists(folder)) return folder;

  await removeOldFakes();
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  await bundleAll(aside);
  // The rename fails if another process has built the same fakes meanwhile; then its folder is used.
  await rename(aside, folder).catch(() => rm(aside, { recursive: true }));
  return folder;
}

/** Removes fakes built from earlier sources that have not been used for a day. */
async function removeOldFakes(): Promise<void> {
  const entries = await readdir(cacheDirectory()).catch(() => []);
  for (const entry of entries.filter((name) => name.startsWith("fakes-"))) {
    const path = join(cacheDirectory(), entry);
    if (Date.now() - (await stat(path)).mtimeMs > unusedAfterMs) await rm(path, { recursive: true, force: true });
  }
}

/** A hash of the bundles' sources, and of Node.js' version, because code that Node.js compiled is cached beside the bundles. */
async function sourceDigest(): Promise<string> {
  const files = await readdir(sourceFolder, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const digest = createHash("sha256").update(process.version);
  for (const path of [...paths.sort(), lockFile]) digest.update(path).update(await readFile(path));
  return digest.digest("hex").slice(0, 16);
}

async function bundleAll(folder: string): Promise<void> {
  await Promise.all(
    Object.entries(sources).map(async ([plugin, source]) => {
      const program = join(folder, plugin);
      await bundle(source, `${program}.js`);
      await bundle("launcher.ts", program, "#!/usr/bin/env node");
      await chmod(program, 0o755);
      await execa(program, ["--compile"]);
    }),
  );
}

async function bundle(source: string, outfile: string, firstLine = ""): Promise<void> {
  await build({
    entryPoints: [join(sourceFolder, source)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    banner: { js: firstLine },
    // Optional native modules of ssh2.
    external: ["*.node", "cpu-features"],
    logLevel: "silent",
  });
}

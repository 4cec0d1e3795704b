import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";

/** A release of Node.js for each major version that the project supports, except for the oldest, Node.js 20. */
export const nodeReleases = ["22.23.3", "24.21.0"];

/** The folder with the program `node` of a release. The release is downloaded as an npm package, unless the cache has it. */
export async function nodeRelease(version: string): Promise<string> {
  const npmPackage = `node-linux-${process.arch}`;
  const folder = join(cacheDirectory(), `node-${version}`);
  const programs = join(folder, "node_modules", npmPackage, "bin");
  if (await exists(programs)) return programs;

  await mkdir(cacheDirectory(), { recursive: true });
  const filling = await mkdtemp(`${folder}.`);
  try {
    await execa("npm", ["install", "--prefix", filling, "--ignore-scripts", `${npmPackage}@${version}`]);
    await rename(filling, folder);
  } catch (error) {
    await rm(filling, { recursive: true, force: true });
    // The rename fails if another process has downloaded the release meanwhile; then its folder is used.
    if (!(await exists(programs))) throw error;
  }
  return programs;
}

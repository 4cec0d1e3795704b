import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";

/** One release of Node.js of each line that the project supports beside its oldest, Node 20. */
export const nodeReleases = ["22.23.3", "24.21.0"];

/** The folder that holds `node` of that release, from the npm package that carries it; downloaded once. */
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
    // Another process may have been first.
    if (!(await exists(programs))) throw error;
  }
  return programs;
}

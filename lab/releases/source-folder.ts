import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { execa } from "execa";
import type { ReleaseClone } from "./release-clone.ts";

/** A version's sources with their npm packages, outside of any git. `pulumi up` runs there. */
export interface SourceFolder extends AsyncDisposable {
  folder: string;
}

const project = join(import.meta.dirname, "../..");

/** Extracts a version from a clone. It shares this checkout's packages if it needs the same ones; otherwise it installs its own. */
export async function sourceFolder(clone: ReleaseClone, tag: string): Promise<SourceFolder> {
  const folder = await mkdtemp(join(tmpdir(), `container-registry-${tag}-`));
  const extract = 'git -C "$1" archive "$2" | tar --extract --directory "$3"';
  await execa("sh", ["-ec", extract, "sh", clone.folder, tag, folder]);
  if (isDeepStrictEqual(await packagesOf(folder), await packagesOf(project)))
    await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  else await execa("npm", ["ci", "--prefer-offline"], { cwd: folder });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** What a lock file installs, without the project's own version, which differs between releases. */
async function packagesOf(folder: string): Promise<object> {
  const { packages } = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
  return { ...packages, "": { ...packages[""], version: undefined } };
}

import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { exists } from "../exists.ts";
import { LabError } from "../lab-error.ts";
import type { Release } from "./last-release.ts";

/** A change of the program's sources: in `file`, what `pattern` matches becomes `replacement`. */
export type SourceChange = { file: string; pattern: RegExp; replacement: string };

/** A clone of this checkout, as somebody has who runs a release. The release is checked out, and no package is installed. */
export interface ReleaseClone extends AsyncDisposable {
  folder: string;
  /** The release's tag, as in `v0.2.0`. */
  released: string;
  /** The tag of the next version: this checkout as it is, with what is not committed yet, and the changes. */
  next: string;
  /** Runs git in the clone. */
  git(...args: string[]): Promise<string>;
}

const project = join(import.meta.dirname, "../..");

const author = ["-c", "user.name=lab", "-c", "user.email=lab@example.org", "-c", "commit.gpgsign=false"];

/** Clones this checkout, and tags the release, which a clone may lack, and the next version. */
export async function cloneOfRelease(release: Release, changes: readonly SourceChange[]): Promise<ReleaseClone> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-release-"));
  const git = async (...args: string[]) => (await execa("git", [...author, ...args], { cwd: folder })).stdout;
  await execa("git", ["clone", "--quiet", "--no-checkout", project, folder]);

  for (const file of await filesHere()) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(project, file), join(folder, file));
  }
  for (const change of changes) await changeSource(folder, change);
  await git("add", "--all");
  await git("commit", "--quiet", "--allow-empty", "--message", "What is checked out here, and the test's changes");

  const [released, next] = [`v${release.version}`, "next"];
  await git("tag", "--force", released, release.commit);
  await git("tag", "--force", next);
  await git("checkout", "--quiet", released);
  return { folder, released, next, git, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** All files that are committed or are not ignored, and exist. */
async function filesHere(): Promise<string[]> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const files = (await execa("git", list, { cwd: project })).stdout.split("\0").filter((file) => file !== "");
  const there = await Promise.all(files.map((file) => exists(join(project, file))));
  return files.filter((_file, index) => there[index]);
}

async function changeSource(folder: string, { file, pattern, replacement }: SourceChange): Promise<void> {
  const path = join(folder, file);
  const text = await readFile(path, "utf8");
  if (!pattern.test(text))
    throw new LabError(`${file} has nothing that matches ${pattern}: choose another line to change`);
  await writeFile(path, text.replace(pattern, replacement));
}

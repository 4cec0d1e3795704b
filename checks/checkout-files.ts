import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The project's folder. */
export const root = join(import.meta.dirname, "..");

/** Paths of the project's files, relative to its folder: those that git tracks, and new ones that it does not ignore. */
export function checkoutFiles(): string[] {
  const options = { cwd: root, encoding: "utf8" } as const;
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], options);
  // git lists a deleted file until the deletion is staged.
  return listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
}

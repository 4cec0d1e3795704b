import { execa } from "execa";

/** A released version, as in `0.2.0`, and its commit. */
export type Release = { version: string; commit: string };

/** The subject of a release's commit. See "How a release is made" in CONTRIBUTING.md. */
const subject = /^Release (\d+\.\d+\.\d+)$/;

/**
 * The newest release before the commit that is checked out in `folder`; on a release's own commit that is the release before it.
 * It is found by its commit and not by its tag, which a clone may lack. The result is undefined where the history has none, as in
 * a shallow clone, and where there is no history.
 */
export async function lastRelease(folder: string): Promise<Release | undefined> {
  const { exitCode, stdout } = await execa("git", ["log", "--skip=1", "--format=%H %s"], {
    cwd: folder,
    reject: false,
  });
  if (exitCode !== 0) return undefined;
  for (const line of stdout.split("\n")) {
    const [commit = ""] = line.split(" ", 1);
    const version = subject.exec(line.slice(commit.length + 1))?.[1];
    if (version !== undefined) return { version, commit };
  }
  return undefined;
}

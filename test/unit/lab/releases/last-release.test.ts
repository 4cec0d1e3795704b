import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { lastRelease } from "../../../../lab/releases/last-release.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const world = withFreshWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "last-release");
  const git = async (...args: string[]) => {
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
    return (await execa("git", [...author, ...args], { cwd: folder })).stdout;
  };
  await git("init", "--quiet");
  const commit = async (subject: string) => {
    await git("commit", "--quiet", "--allow-empty", "--message", subject);
    return git("rev-parse", "HEAD");
  };
  return { cleanup, folder, git, commit };
});

describe("lastRelease", () => {
  it("is the newest release in the history, also without a tag", async () => {
    const { folder, commit } = world();
    await commit("Release 0.1.0");
    const newest = await commit("Release 0.2.0");
    await commit("docs: Release 0.3.0 is near");
    await commit("Release 0.3.0 of something else");
    expect(await lastRelease(folder)).toEqual({ version: "0.2.0", commit: newest });
  });

  it("is the release before, where a release is checked out", async () => {
    const { folder, commit } = world();
    const before = await commit("Release 0.1.0");
    await commit("Release 0.2.0");
    expect(await lastRelease(folder)).toEqual({ version: "0.1.0", commit: before });
  });

  it("is found in a fork that merged it", async () => {
    const { folder, git, commit } = world();
    await commit("first");
    await git("branch", "fork");
    const release = await commit("Release 0.2.0");
    await git("checkout", "--quiet", "fork");
    await commit("Our stack file");
    await git("merge", "--quiet", "--no-edit", release);
    expect(await lastRelease(folder)).toEqual({ version: "0.2.0", commit: release });
  });

  it("is unknown in a shallow clone, and in a folder without history", async () => {
    const { cleanup, folder, commit } = world();
    await commit("Release 0.2.0");
    await commit("last");
    const clone = temporaryFolder(cleanup, "shallow");
    await execa("git", ["clone", "--quiet", "--depth", "1", `file://${folder}`, clone]);
    expect(await lastRelease(clone)).toBe(undefined);
    expect(await lastRelease(temporaryFolder(cleanup, "no-history"))).toBe(undefined);
  });
});

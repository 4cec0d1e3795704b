import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { docsPage } from "../e2e/support/docs-pages/docs-page.ts";
import { temporaryFolder, withFreshWorld } from "../with-world.ts";

const page = docsPage("upgrading.md");
const taken = "v0.2.0";
const [mergeNew = "", revert = ""] = page.lines("In a fork");
const merge = mergeNew.replaceAll("NEW", taken);
const own = "git@git.example.org:team/container-registry.git";

const world = withFreshWorld(async (cleanup) => {
  const upstream = await repository(temporaryFolder(cleanup, "upstream"));
  await upstream.release("v0.0.1");
  const folder = temporaryFolder(cleanup, "fork");
  await execa("git", ["clone", "--quiet", upstream.folder, folder]);
  const fork = await repository(folder);
  writeFileSync(join(folder, "Pulumi.team.yaml"), "config: {}\n");
  const bare = temporaryFolder(cleanup, "own");
  await execa("git", ["init", "--quiet", "--bare", bare]);
  for (const line of page.lines("The stack file and two remotes, once"))
    await fork.sh(line.replace(own, bare).replace("STACK", "team").replace("origin main", "origin HEAD"));
  await upstream.release(taken);
  await upstream.release("v99.0.0");
  const state = () => ({
    version: readFileSync(join(folder, "version"), "utf8"),
    stackFile: readFileSync(join(folder, "Pulumi.team.yaml"), "utf8"),
  });
  return { upstream, fork, state };
});

describe("docs/upgrading.md, in a fork", () => {
  it("merges one release, and keeps the stack file", async () => {
    const { fork, state } = world();
    await fork.sh(merge);
    expect(state()).toEqual({ version: taken, stackFile: "config: {}\n" });
  });

  it("goes back to the version before, and keeps the stack file", async () => {
    const { fork, state } = world();
    await fork.sh(merge);
    await fork.sh(revert);
    expect(state()).toEqual({ version: "v0.0.1", stackFile: "config: {}\n" });
  });

  it("takes the next release after the way back, once that is reverted, too", async () => {
    const { fork, state } = world();
    for (const line of [merge, revert, "git revert --no-edit HEAD", "git merge --no-ff --no-edit v99.0.0"])
      await fork.sh(line);
    expect(state().version).toBe("v99.0.0");
  });
});

async function repository(folder: string) {
  const author = { GIT_AUTHOR_NAME: "t", GIT_AUTHOR_EMAIL: "t@t", GIT_COMMITTER_NAME: "t", GIT_COMMITTER_EMAIL: "t@t" };
  const sh = (line: string) => execa("sh", ["-ec", line], { cwd: folder, env: author });
  await sh("git init --quiet && git config commit.gpgsign false");
  return {
    folder,
    sh,
    release: async (tag: string) => {
      writeFileSync(join(folder, "version"), tag);
      await sh(`git add --all && git commit --quiet --message 'Release ${tag.slice(1)}' && git tag ${tag}`);
    },
  };
}

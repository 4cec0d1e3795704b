import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { startGitForge } from "../../../lab/ci/git-forge.ts";
import { temporaryFolder, withFreshWorld } from "../../with-world.ts";

const script = new URL("../../../examples/change-request.sh", import.meta.url).pathname;
const env = { APP: "shop", TAG: "v1.4.0", CONFIG_USER: "ci", CONFIG_TOKEN: `it's "a" $token \`x\` \\ %s` };
const branch = "image-shop-v1.4.0";

const world = withFreshWorld(async ({ use, defer }) => {
  const folder = temporaryFolder({ defer }, "change-request");
  const git = async (...args: string[]) => (await execa("git", ["-C", `${folder}/config.git`, ...args])).stdout;
  await execa("git", ["init", "--quiet", "--bare", "--initial-branch=main", `${folder}/config.git`]);
  await git("config", "http.receivepack", "true");
  await git("config", "receive.advertisePushOptions", "true");
  await writeFile(
    join(folder, "config.git/hooks/post-receive"),
    '#!/bin/sh\nenv | sed -n "s/^GIT_PUSH_OPTION_[0-9]*=//p" | sort >push-options\n',
    { mode: 0o755 },
  );
  await mkdir(join(folder, "first"));
  await execa("sh", ["-ec", firstCommit], { cwd: join(folder, "first") });
  const forge = use(await startGitForge({ folder, user: env.CONFIG_USER, token: env.CONFIG_TOKEN }));
  const run = (extra: NodeJS.ProcessEnv = {}) =>
    execa("sh", [script], {
      cwd: folder,
      env: { ...env, CONFIG_REPOSITORY: forge.repository, CONFIG_API: forge.api, HOME: folder, ...extra },
      all: true,
      reject: false,
    });
  return { folder, git, forge, run };
});

const firstCommit = `
  git init --quiet --initial-branch=main
  printf 'package env\\n\\ntags: "shop": "v1.3.0"\\n' >shop.cue
  git add shop.cue
  git -c user.name=a -c user.email=a@localhost commit --quiet --message first
  git push --quiet ../config.git main`;

describe("examples/change-request.sh", () => {
  it("pushes a branch with the app's tag, and opens a change request for it", async () => {
    const { git, forge, run } = world();
    const { exitCode, all } = await run();
    expect([exitCode, all]).toEqual([0, "a change request is open: shop: v1.4.0"]);
    expect(forge.requests).toEqual([{ title: "shop: v1.4.0", head: branch, base: "main" }]);
    expect(await git("show", `${branch}:shop.cue`)).toBe('package env\n\ntags: "shop": "v1.4.0"');
    expect(await git("diff", "--name-only", "main", branch)).toBe("shop.cue");
  });

  it("leaves one branch and one request where the build runs again", async () => {
    const { git, forge, run } = world();
    await run();
    const { exitCode, all } = await run();
    expect([exitCode, all]).toEqual([0, expect.stringContaining("already exists")]);
    expect(forge.requests).toHaveLength(1);
    expect(await git("rev-list", "--count", `main..${branch}`)).toBe("1");
  });

  it("opens none where the app has that tag already", async () => {
    const { git, forge, run } = world();
    const { exitCode, all } = await run({ TAG: "v1.3.0" });
    expect([exitCode, all]).toEqual([0, "shop has the tag v1.3.0 already"]);
    expect([forge.requests, await git("branch", "--format=%(refname:short)")]).toEqual([[], "main"]);
  });

  it("adds the file of an app that was never built", async () => {
    const { git, run } = world();
    expect(await run({ APP: "new-app" })).toMatchObject({ exitCode: 0 });
    expect(await git("show", "image-new-app-v1.4.0:new-app.cue")).toContain('tags: "new-app": "v1.4.0"');
  });

  it("asks GitLab by push options, without an API", async () => {
    const { folder, forge, run } = world();
    expect(await run({ CONFIG_API: "" })).toMatchObject({ exitCode: 0 });
    expect((await execa("cat", [`${folder}/config.git/push-options`])).stdout.split("\n")).toEqual([
      "merge_request.create",
      "merge_request.target=main",
      "merge_request.title=shop: v1.4.0",
    ]);
    expect(forge.requests).toEqual([]);
  });

  it.each([
    ["a wrong token", { CONFIG_TOKEN: "wrong" }, "Authentication failed"],
    ["an API that does not know the repository", { CONFIG_API: "http://127.0.0.1:1" }, "Failed to connect"],
    ["a tag that would break out of the file", { TAG: 'v1"\n' }, "APP and TAG consist of letters"],
  ])("fails with %s, and says why", async (_what, extra, message) => {
    const { exitCode, all } = await world().run(extra);
    expect(exitCode).not.toBe(0);
    expect(all).toContain(message);
    expect(all).not.toContain(env.CONFIG_TOKEN);
  });
});

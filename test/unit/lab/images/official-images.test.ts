import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { pullOfficial } from "../../../../lab/images/official-images.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const digest = `sha256:${"4d".repeat(32)}`;
const image = { image: "docker.io/library/debian", version: "bookworm-slim", digest };

/** A folder with a `docker` that writes its arguments to a log, and fails for those that `failing` matches. */
const world = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "official-images");
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  vi.stubGlobal("fetch", async () => new Response(null, { status: 401 }));
  const printed = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  cleanup.defer(() => vi.unstubAllEnvs());
  cleanup.defer(() => vi.unstubAllGlobals());
  cleanup.defer(() => vi.restoreAllMocks());
  const docker = join(folder, "docker");
  return {
    fakeDocker: async (failing: string) => {
      const script = `echo "$*" >>${folder}/log\ncase "$*" in ${failing}) echo "no route to host" >&2; exit 1 ;; esac`;
      await writeFile(docker, `#!/bin/sh\n${script}\n`);
      await chmod(docker, 0o755);
    },
    log: async () => (await readFile(join(folder, "log"), "utf8")).trim().split("\n"),
    printed: () => printed.mock.calls.join(""),
  };
});

describe("pullOfficial", () => {
  it("pulls by digest and tags the image", async () => {
    await world().fakeDocker('"image inspect"*');
    expect(await pullOfficial(image, "lab/debian")).toBe(true);
    expect(await world().log()).toEqual([
      `image inspect docker.io/library/debian@${digest}`,
      `pull docker.io/library/debian@${digest}`,
      `tag docker.io/library/debian@${digest} lab/debian`,
    ]);
  });

  it("pulls by version where no digest is pinned", async () => {
    await world().fakeDocker('"image inspect"*');
    expect(await pullOfficial({ ...image, digest: undefined }, "lab/debian")).toBe(true);
    expect(await world().log()).toContain("pull docker.io/library/debian:bookworm-slim");
  });

  it("pulls nothing that Docker has", async () => {
    await world().fakeDocker("never");
    expect(await pullOfficial(image, "lab/debian")).toBe(true);
    expect((await world().log()).some((line) => line.startsWith("pull"))).toBe(false);
  });

  it("is false after a failed pull, whose reason it prints", async () => {
    await world().fakeDocker('"image inspect"* | pull*');
    expect(await pullOfficial(image, "lab/debian")).toBe(false);
    expect(world().printed()).toMatch(/bookworm-slim could not be pulled, so the lab builds .*no route to host/s);
  });
});

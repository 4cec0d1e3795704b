import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { idOf } from "../../../../lab/images/saved-image.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const folder = withFreshWorld((cleanup) => temporaryFolder(cleanup, "saved-image"));
const digest = "39d9072fb5651c80d75c7a811612eb60b4c06b32ffe87c2e9f3c7222e1797e76";

async function archiveWith(manifest: unknown): Promise<string> {
  await writeFile(join(folder(), "manifest.json"), JSON.stringify(manifest));
  const archive = join(folder(), "image.tar");
  await execa("tar", ["--create", "--file", archive, "--directory", folder(), "manifest.json"]);
  return archive;
}

describe("idOf", () => {
  it.each([
    ["Docker's own store", `${digest}.json`],
    ["its containerd store", `blobs/sha256/${digest}`],
  ])("is the configuration's digest in an archive of %s", async (_, config) => {
    expect(await idOf(await archiveWith([{ Config: config, RepoTags: null, Layers: [] }]))).toBe(`sha256:${digest}`);
  });

  it("fails for an archive without an image, and names the archive", async () => {
    await expect(idOf(await archiveWith([]))).rejects.toThrow(/image\.tar names no configuration/);
  });
});

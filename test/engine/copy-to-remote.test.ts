import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { copyToRemote } from "../../lab/pulumi-fakes/command/copy-to-remote.ts";
import { archiveSignature, assetSignature, signatureKey } from "../../lab/pulumi-fakes/plugin/property.ts";
import { temporaryFolder, withFreshWorld, withWorld } from "../with-world.ts";
import { checked, create, update } from "./resource-calls.ts";
import { startSshd } from "./sshd.ts";

const sshd = withWorld(() => startSshd());
const folders = withFreshWorld((cleanup) => ({
  here: temporaryFolder(cleanup, "here"),
  there: temporaryFolder(cleanup, "there"),
}));

const asset = (path: string, hash = "1") => ({ [signatureKey]: assetSignature, path, hash });
const archive = (path: string, hash = "1") => ({ [signatureKey]: archiveSignature, path, hash });
const inputs = (source: object, remotePath: string) => ({
  connection: sshd().connection,
  source: { ...source },
  remotePath,
});

describe("where a file goes", () => {
  it("becomes the path, its folders made", async () => {
    await writeFile(join(folders().here, "a"), "content");
    await create(copyToRemote, inputs(asset(join(folders().here, "a")), join(folders().there, "x/y/b")));
    expect(await readFile(join(folders().there, "x/y/b"), "utf8")).toBe("content");
  });

  it("goes into a directory that is there", async () => {
    await writeFile(join(folders().here, "a"), "content");
    await create(copyToRemote, inputs(asset(join(folders().here, "a")), folders().there));
    expect(await readFile(join(folders().there, "a"), "utf8")).toBe("content");
  });

  it("is written over a file in place, shorter too", async () => {
    await writeFile(join(folders().here, "a"), "new");
    await writeFile(join(folders().there, "b"), "much longer than new", { mode: 0o600 });
    const { ino } = await stat(join(folders().there, "b"));
    await create(copyToRemote, inputs(asset(join(folders().here, "a")), join(folders().there, "b")));
    expect(await readFile(join(folders().there, "b"), "utf8")).toBe("new");
    const after = await stat(join(folders().there, "b"));
    expect([after.ino, after.mode & 0o777]).toEqual([ino, 0o600]);
  });

  it("may be empty, or large", async () => {
    await writeFile(join(folders().here, "empty"), "");
    await writeFile(join(folders().here, "large"), Buffer.alloc(20_000_001, "x"));
    await create(copyToRemote, inputs(asset(join(folders().here, "empty")), join(folders().there, "empty")));
    await create(copyToRemote, inputs(asset(join(folders().here, "large")), join(folders().there, "large")));
    expect((await stat(join(folders().there, "empty"))).size).toBe(0);
    expect((await stat(join(folders().there, "large"))).size).toBe(20_000_001);
  });

  it("is a text without a file here", async () => {
    await create(copyToRemote, inputs({ [signatureKey]: assetSignature, text: "words" }, join(folders().there, "x/b")));
    expect(await readFile(join(folders().there, "x/b"), "utf8")).toBe("words");
  });

  it("is no text where a directory is there", async () => {
    const text = { [signatureKey]: assetSignature, text: "words" };
    await expect(create(copyToRemote, inputs(text, folders().there))).rejects.toThrow(
      "when using a text asset, remotePath must",
    );
  });
});

describe("where a directory goes", () => {
  beforeEach(async () => {
    await mkdir(join(folders().here, "d/e"), { recursive: true });
    await writeFile(join(folders().here, "d/e/f"), "deep");
  });

  it.each([
    ["d", "d/e/f"],
    ["d/", "e/f"],
  ])("%s arrives as %s", async (source, file) => {
    await create(copyToRemote, inputs(archive(`${folders().here}/${source}`), join(folders().there, "new")));
    expect(await readFile(join(folders().there, "new", file), "utf8")).toBe("deep");
  });

  it("does not replace a file", async () => {
    await writeFile(join(folders().there, "d"), "");
    await expect(create(copyToRemote, inputs(archive(join(folders().here, "d")), folders().there))).rejects.toThrow(
      `remote path ${folders().there}/d exists but is not a directory`,
    );
  });
});

describe("update", () => {
  it.each([
    ["the same content", "1", "b", "old"],
    ["other content", "2", "b", "new"],
    ["another path", "1", "c", "new"],
  ])("with %s", async (_, hash, name, expected) => {
    await writeFile(join(folders().here, "a"), "old");
    const state = await create(copyToRemote, inputs(asset(join(folders().here, "a")), join(folders().there, "b")));
    await writeFile(join(folders().here, "a"), "new");
    await update(copyToRemote, state, inputs(asset(join(folders().here, "a"), hash), join(folders().there, name)));
    expect(await readFile(join(folders().there, name), "utf8")).toBe(expected);
  });
});

it("deletes nothing", () => {
  expect(copyToRemote.delete).toBeUndefined();
});

it("takes no source from elsewhere", () => {
  const remote = { [signatureKey]: assetSignature, uri: "https://example.org/a", hash: "1" };
  expect(() => checked(copyToRemote, inputs(remote, "/b"))).toThrow("asset must be a path-based file asset or a text");
});

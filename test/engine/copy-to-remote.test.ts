import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copyToRemote } from "../../lab/pulumi-fakes/command/copy-to-remote.ts";
import { archiveSignature, assetSignature, signatureKey } from "../../lab/pulumi-fakes/plugin/property.ts";
import { checked, create, update } from "./resource-calls.ts";
import { type Sshd, startSshd } from "./sshd.ts";

let sshd: Sshd;
let here: string;
let there: string;

beforeAll(async () => {
  sshd = await startSshd();
});

afterAll(() => sshd[Symbol.asyncDispose]());

beforeEach(async () => {
  here = await mkdtemp(join(tmpdir(), "here-"));
  there = await mkdtemp(join(tmpdir(), "there-"));
});

afterEach(async () => {
  await rm(here, { recursive: true });
  await rm(there, { recursive: true });
});

const asset = (path: string, hash = "1") => ({ [signatureKey]: assetSignature, path, hash });
const archive = (path: string, hash = "1") => ({ [signatureKey]: archiveSignature, path, hash });
const inputs = (source: object, remotePath: string) => ({
  connection: sshd.connection,
  source: { ...source },
  remotePath,
});

describe("where a file goes", () => {
  it("becomes the path, its folders made", async () => {
    await writeFile(join(here, "a"), "content");
    await create(copyToRemote, inputs(asset(join(here, "a")), join(there, "x/y/b")));
    expect(await readFile(join(there, "x/y/b"), "utf8")).toBe("content");
  });

  it("goes into a directory that is there", async () => {
    await writeFile(join(here, "a"), "content");
    await create(copyToRemote, inputs(asset(join(here, "a")), there));
    expect(await readFile(join(there, "a"), "utf8")).toBe("content");
  });

  it("is written over a file in place, shorter too", async () => {
    await writeFile(join(here, "a"), "new");
    await writeFile(join(there, "b"), "much longer than new", { mode: 0o600 });
    const { ino } = await stat(join(there, "b"));
    await create(copyToRemote, inputs(asset(join(here, "a")), join(there, "b")));
    expect(await readFile(join(there, "b"), "utf8")).toBe("new");
    const after = await stat(join(there, "b"));
    expect([after.ino, after.mode & 0o777]).toEqual([ino, 0o600]);
  });

  it("may be empty, or large", async () => {
    await writeFile(join(here, "empty"), "");
    await writeFile(join(here, "large"), Buffer.alloc(20_000_001, "x"));
    await create(copyToRemote, inputs(asset(join(here, "empty")), join(there, "empty")));
    await create(copyToRemote, inputs(asset(join(here, "large")), join(there, "large")));
    expect((await stat(join(there, "empty"))).size).toBe(0);
    expect((await stat(join(there, "large"))).size).toBe(20_000_001);
  });

  it("is a text without a file here", async () => {
    await create(copyToRemote, inputs({ [signatureKey]: assetSignature, text: "words" }, join(there, "x/b")));
    expect(await readFile(join(there, "x/b"), "utf8")).toBe("words");
  });

  it("is no text where a directory is there", async () => {
    const text = { [signatureKey]: assetSignature, text: "words" };
    await expect(create(copyToRemote, inputs(text, there))).rejects.toThrow("when using a text asset, remotePath must");
  });
});

describe("where a directory goes", () => {
  beforeEach(async () => {
    await mkdir(join(here, "d/e"), { recursive: true });
    await writeFile(join(here, "d/e/f"), "deep");
  });

  it.each([
    ["d", "d/e/f"],
    ["d/", "e/f"],
  ])("%s arrives as %s", async (source, file) => {
    await create(copyToRemote, inputs(archive(`${here}/${source}`), join(there, "new")));
    expect(await readFile(join(there, "new", file), "utf8")).toBe("deep");
  });

  it("does not replace a file", async () => {
    await writeFile(join(there, "d"), "");
    await expect(create(copyToRemote, inputs(archive(join(here, "d")), there))).rejects.toThrow(
      `remote path ${there}/d exists but is not a directory`,
    );
  });
});

describe("update", () => {
  it.each([
    ["the same content", "1", "b", "old"],
    ["other content", "2", "b", "new"],
    ["another path", "1", "c", "new"],
  ])("with %s", async (_, hash, name, expected) => {
    await writeFile(join(here, "a"), "old");
    const state = await create(copyToRemote, inputs(asset(join(here, "a")), join(there, "b")));
    await writeFile(join(here, "a"), "new");
    await update(copyToRemote, state, inputs(asset(join(here, "a"), hash), join(there, name)));
    expect(await readFile(join(there, name), "utf8")).toBe(expected);
  });
});

it("deletes nothing", () => {
  expect(copyToRemote.delete).toBeUndefined();
});

it("takes no source from elsewhere", () => {
  const remote = { [signatureKey]: assetSignature, uri: "https://example.org/a", hash: "1" };
  expect(() => checked(copyToRemote, inputs(remote, "/b"))).toThrow("asset must be a path-based file asset or a text");
});

import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { sparseShells } from "../../hosts/shells.ts";
import { scratchStorage } from "./storage.ts";

const layers = "_layers/sha256";
const revisions = "_manifests/revisions/sha256";
const now = ["--wait", "0"];

describe("the collector", () => {
  it.each(sparseShells)("moves blobs that no manifest references, and leaves all others, with $name", async (shell) => {
    await using storage = await scratchStorage(shell);
    const [layer, garbage] = [await storage.blob("layer"), await storage.blob("garbage")];
    const manifest = await storage.blob(JSON.stringify({ layers: [{ digest: `sha256:${layer}` }] }));
    await storage.link("team/app", revisions, manifest);
    await storage.link("team/app", layers, layer);
    await storage.link("team/app", layers, garbage);
    expect(await storage.collect(...now)).toMatchObject({ blobs: 3, candidates: 1, movedBlobs: 1, bytes: 7 });
    expect([layer, manifest, garbage].map((hex) => existsSync(storage.blobPath(hex)))).toEqual([true, true, false]);
    expect(existsSync(storage.trashPath(garbage))).toBe(true);
  });

  it.each([
    ["a JSON text with escapes", (hex: string) => `{"digest":"\\u0073ha256\\u003a${hex.replaceAll("a", "\\u0061")}"}`],
    ["a JSON text with line breaks", (hex: string) => `{\n  "digest" :\n "sha256:${hex}" }`],
  ])("finds a reference in %s", async (_what, text) => {
    await using storage = await scratchStorage();
    const layer = await storage.blob("layer");
    await storage.link("app", revisions, await storage.blob(text(layer)));
    expect(await storage.collect(...now)).toMatchObject({ candidates: 0 });
  });

  it("leaves what a link of another algorithm names", async () => {
    await using storage = await scratchStorage();
    const layer = await storage.blob("layer");
    const manifest = await storage.blob(`{"layers":[{"digest":"sha512:${"0".repeat(128)}"}]}`);
    await storage.link("app", revisions, manifest);
    await storage.link("app", "_layers/sha512", "0".repeat(128), { hex: layer });
    expect(await storage.collect(...now)).toMatchObject({ candidates: 0 });
  });

  it("leaves what was uploaded or linked lately", async () => {
    await using storage = await scratchStorage();
    await storage.blob("uploaded lately", 1);
    const mounted = await storage.blob("mounted lately");
    await storage.link("app", layers, mounted, { ageHours: 1 });
    expect(await storage.collect(...now)).toMatchObject({ blobs: 2, candidates: 0 });
    expect(await storage.collect(...now, "--min-age", "1800")).toMatchObject({ movedBlobs: 2 });
  });

  it("keeps what the last collection did, and not what others have done since", async () => {
    await using storage = await scratchStorage();
    await storage.blob("garbage");
    const last = async () => JSON.parse(await readFile(join(storage.storagePath, "collection/last"), "utf8"));
    await storage.collect("--dry-run");
    await expect(last()).rejects.toThrow("ENOENT");
    const done = await storage.collect(...now);
    await storage.collect("--purge");
    expect(await last()).toEqual(done);
  });

  it("changes nothing with --dry-run", async () => {
    await using storage = await scratchStorage();
    const garbage = await storage.blob("garbage");
    expect(await storage.collect("--dry-run")).toMatchObject({ candidates: 1, movedBlobs: 0, bytes: 7 });
    expect(existsSync(storage.blobPath(garbage))).toBe(true);
  });

  it("moves nothing while it cannot read every link", async () => {
    await using storage = await scratchStorage();
    await storage.blob("garbage");
    // A link that is a directory cannot be read, not even by root.
    await mkdir(join(storage.storagePath, "docker/registry/v2/repositories/app/_layers/sha512/0/link"), {
      recursive: true,
    });
    await expect(storage.collect(...now)).rejects.toThrow("the storage is not readable, so nothing is collected");
  });

  it("works on a storage without a repository", async () => {
    await using storage = await scratchStorage();
    await rm(join(storage.storagePath, "docker"), { recursive: true });
    expect(await storage.collect(...now)).toMatchObject({ blobs: 0, movedBlobs: 0 });
  });
});

describe("the trash", () => {
  it.each(sparseShells)("gives back one blob, or all, with $name", async (shell) => {
    await using storage = await scratchStorage(shell);
    const blobs = [await storage.blob("one"), await storage.blob("two"), await storage.blob("three")];
    await storage.collect(...now);
    expect(await storage.collect("--undo", `sha256:${blobs[0]}`)).toMatchObject({ putBack: 1 });
    expect(await storage.collect("--undo")).toMatchObject({ putBack: 2 });
    expect(blobs.map((hex) => existsSync(storage.blobPath(hex)))).toEqual([true, true, true]);
    expect(await storage.collect(...now), "put back is as good as uploaded").toMatchObject({ candidates: 0 });
  });

  it("gives back what a manifest references", async () => {
    await using storage = await scratchStorage();
    const layer = await storage.blob("layer");
    const manifest = await storage.blob(`{"digest":"sha256:${layer}"}`);
    expect(await storage.collect(...now)).toMatchObject({ movedBlobs: 2 });
    await storage.link("app", revisions, manifest);
    expect(await storage.collect(...now)).toMatchObject({ putBack: 2, movedBlobs: 0 });
  });

  it("is emptied after graceDays, but never of what a manifest references", async () => {
    await using storage = await scratchStorage();
    const [old, fresh] = [await storage.blob("old"), await storage.blob("fresh")];
    await storage.collect(...now);
    const eightDaysAgo = Date.now() / 1000 - 8 * 86_400;
    await utimes(dirname(storage.trashPath(old)), eightDaysAgo, eightDaysAgo);
    expect(await storage.collect(...now)).toMatchObject({ emptiedBytes: 3 });
    expect([old, fresh].map((hex) => existsSync(storage.trashPath(hex)))).toEqual([false, true]);
    expect(await storage.collect("--purge")).toMatchObject({ emptiedBytes: 5 });
  });

  it("takes a blob that was uploaded and collected again", async () => {
    await using storage = await scratchStorage();
    const blob = await storage.blob("blob");
    await storage.collect(...now);
    await storage.blob("blob");
    expect(await storage.collect(...now)).toMatchObject({ movedBlobs: 1 });
    expect([storage.blobPath(blob), storage.trashPath(blob)].map(existsSync)).toEqual([false, true]);
  });
});

it("a collection that lost power is ended by the next one: what was linked meanwhile is put back", async () => {
  await using storage = await scratchStorage();
  const blob = await storage.blob("blob");
  await storage.collect(...now);
  const collection = join(storage.storagePath, "collection");
  const hourAgo = Date.now() / 1000 - 3600;
  await utimes(join(collection, "stamp"), hourAgo, hourAgo);
  await writeFile(join(collection, "moving"), `${blob}\n`);
  await writeFile(join(collection, "candidates", blob), "");
  await storage.link("app", layers, blob, { ageHours: 0 });
  expect(await storage.collect("--finish")).toMatchObject({ putBack: 1 });
  expect(existsSync(join(collection, "candidates", blob))).toBe(false);
});

it("--finish leaves the storage to a backup or collection that runs, so that it never delays the registry's start", async () => {
  await using storage = await scratchStorage();
  const collection = join(storage.storagePath, "collection");
  await mkdir(collection);
  await using _backup = await lockHolder(join(collection, "lock"));
  expect(await storage.collect("--finish")).toEqual({});
});

/** A process that holds the lock as a backup does, until it is disposed of. */
async function lockHolder(lock: string): Promise<AsyncDisposable> {
  const holder = execa("flock", ["--shared", "--no-fork", lock, "sh", "-c", "echo locked && exec sleep 60"], {
    reject: false,
  });
  await once(holder.stdout, "data");
  return {
    async [Symbol.asyncDispose]() {
      holder.kill();
      await holder;
    },
  };
}

import { appendFile, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { diskIn } from "../../../../operations/commands/usage/disk.ts";
import { diskUseScript } from "../../../../render/collection/disk-use.ts";
import { scratchStorage } from "./storage.ts";

async function diskUse(storagePath: string) {
  const { stdout } = await execa("/bin/sh", ["-c", diskUseScript(storagePath)]);
  return diskIn(stdout, storagePath);
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

it("the report has the disk, the blobs, the trash, and a record that grows by a line an hour at most", async () => {
  await using storage = await scratchStorage();
  await storage.blob("layer");
  const { size, used, free, blobs, trash, records } = await diskUse(storage.storagePath);
  expect([size > used, free > 0, blobs, trash, records.length]).toEqual([true, true, 5, 0, 1]);
  expect(records[0]?.at.getTime()).toBeGreaterThan(hoursAgo(1).getTime());

  const record = join(storage.storagePath, "collection/disk-use");
  await diskUse(storage.storagePath);
  expect(await lines(record)).toBe(1);
  await appendFile(record, "2026-01-01T00:00:00Z 1 2\n".repeat(1500));
  await utimes(record, hoursAgo(2), hoursAgo(2));
  expect((await diskUse(storage.storagePath)).records).toHaveLength(1000);
  expect(await readFile(record, "utf8")).toMatch(/\n\d{4}-\d\d-\d\dT[\d:]+Z \d{4,} \d{4,}\n$/);
});

it("a collection leaves a record, and one that changes nothing leaves none", async () => {
  await using storage = await scratchStorage();
  await storage.blob("garbage");
  await storage.collect("--dry-run");
  const record = join(storage.storagePath, "collection/disk-use");
  await expect(readFile(record)).rejects.toThrow("ENOENT");
  await storage.collect("--wait", "0");
  expect(await lines(record)).toBe(1);
  expect(await diskUse(storage.storagePath)).toMatchObject({ blobs: 0, trash: 7 });
});

async function lines(path: string): Promise<number> {
  return (await readFile(path, "utf8")).split("\n").length - 1;
}

import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { collector } from "../campaign/fire/collector.ts";
import { goBinary } from "../lab/go/go-build.ts";
import { distribution } from "../lab/images/registry-images.ts";
import { step } from "../lab/progress.ts";
import { startProxy } from "../lab/proxy/start-proxy.ts";
import { milliseconds } from "./milliseconds.ts";
import { type Row, row } from "./row.ts";
import { seeRows } from "./storage/see-rows.ts";
import { sparseStorage } from "./storage/sparse-storage.ts";

const blobCounts = [1000, 10_000, 100_000];
const files = 20_000;
const fileBytes = 100_000;

/**
 * How long writes wait for a collection, how fast restic, which `registry backup` runs, copies a storage, and how long it
 * takes to see what is stored.
 */
export async function storageRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const blobs of blobCounts) rows.push(await step(`collection of ${blobs} blobs`, () => holdRow(blobs)));
  rows.push(...(await step("restic beside tar", backupRows)));
  return [...rows, ...(await step("usage and images beside crane", seeRows))];
}

/** distribution's own collector, beside which nobody may push for as long as it runs, here only marks. */
async function holdRow(blobs: number): Promise<Row> {
  await using proxy = await startProxy({ collected: true });
  sparseStorage(proxy.storage, blobs);
  const { run } = await collector(proxy);
  const theirs = await milliseconds(async () =>
    execa(await goBinary(distribution), ["garbage-collect", "--dry-run", join(proxy.directory, "config.yml")], {
      stdout: "ignore",
      stderr: "ignore",
    }),
  );
  const { longestHoldMilliseconds, movedBlobs } = await run("--wait", "0");
  const what = `longest wait of a write, ${blobs} blobs, ${movedBlobs} collected`;
  const peer = "registry garbage-collect --dry-run";
  return row({ what, unit: "ms", peer, pairs: [[longestHoldMilliseconds, theirs]] });
}

async function backupRows(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-bench-"));
  const storage = join(folder, "storage");
  const env = { RESTIC_REPOSITORY: join(folder, "restic"), RESTIC_PASSWORD: "of the benchmark" };
  const write = (index: number) => writeFile(join(storage, `${index}`), randomBytes(fileBytes));
  const rate = async (work: () => Promise<unknown>) => (files * fileBytes) / 1000 / (await milliseconds(work));
  const both = async (): Promise<[number, number]> => [
    await rate(() => execa("restic", ["backup", "--quiet", "--no-cache", storage], { env })),
    await rate(() =>
      execa("tar", ["--create", "--file", join(folder, "storage.tar"), "--directory", folder, "storage"]),
    ),
  ];
  const named = { unit: "MB/s", peer: "tar of the same folder" };
  await mkdir(storage);
  for (let index = 0; index < files; index++) await write(index);
  await execa("restic", ["init"], { env });
  const first = await both();
  for (let index = 0; index < files / 100; index++) await write(index);
  const second = await both();
  await rm(folder, { recursive: true });
  return [
    row({ ...named, what: "restic, first backup of 2 GB", pairs: [first] }),
    row({ ...named, what: "restic, second backup, 1 % changed", pairs: [second] }),
  ];
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { shellFiles } from "../../../../hosts/shell.ts";

const folder = mkdtempSync(join(tmpdir(), "disk-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program =
  shellFiles(new URL("../../../../hosts/apply/", import.meta.url), ["prelude", "write-files"]) +
  shellFiles(new URL("../../../../hosts/registry-host/", import.meta.url), ["disk"]);

/** Runs `require_disk` with this table, for images in /srv/data/registry. /proc is mounted, /srv is not. */
function requireDisk(fstab: string, storagePath = "/srv/data/registry") {
  writeFileSync(join(folder, "fstab"), fstab);
  const script = `${program}\nstage=${folder} storage_path=${storagePath}\nrequire_disk ${folder}/fstab\n`;
  return spawnSync("sh", ["-c", script], { encoding: "utf8" });
}

it.each([
  ["the storage itself", "UUID=1 / ext4\nUUID=2 /srv/data/registry ext4 nofail"],
  ["a folder above it", "# disks\n/dev/sdb1 /srv/data xfs defaults 0 2\n"],
])("a disk in the table that is not mounted is refused, for %s", (_, fstab) => {
  const { status, stderr } = requireDisk(fstab);
  expect(status).not.toBe(0);
  expect(stderr).toContain(`the disk of /srv/data/registry is not mounted: /etc/fstab has it at /srv/data`);
});

it.each([
  ["the system's disk alone", "UUID=1 / ext4 defaults 0 1\n"],
  ["a folder whose name begins alike", "/dev/sdb1 /srv/data/reg ext4\n"],
  ["another folder, and a comment", "/dev/sdb1 /var ext4\n#/dev/sdc1 /srv/data ext4\n"],
  ["no table", ""],
])("a table with %s is accepted", (_, fstab) => {
  expect(requireDisk(fstab)).toMatchObject({ status: 0, stderr: "" });
});

it("a disk in the table that is mounted is accepted", () => {
  expect(requireDisk("proc /proc proc defaults 0 0\n", "/proc/registry")).toMatchObject({ status: 0, stderr: "" });
});

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { storageCheckProgram } from "../../../../hosts/health/storage-check.ts";
import { ScratchRegistry } from "../backup/scratch-registry.ts";
import { shells } from "../shells.ts";

describe.each(shells)("the check of a whole storage with $name", ({ sh, path }) => {
  const check = (storagePath: string, memoryMib?: number) => {
    const program = storageCheckProgram({ storagePath, ...(memoryMib !== undefined && { memoryMib }) });
    const { status, stdout, stderr } = spawnSync(sh, ["-c", program], { encoding: "utf8", env: { PATH: path } });
    const lines = stdout.trimEnd().split("\n");
    const messages = stderr.replace(/^hashed .*\n/gm, "");
    return { status, messages, summary: lines.pop() ?? "", problems: lines };
  };

  it("counts what it read", () => {
    using registry = new ScratchRegistry();
    registry.push("team/app", "1.0", "a layer");
    registry.push("team/app", "2.0", "a layer");
    const { summary, ...rest } = check(registry.storage, 192);
    expect(rest).toEqual({ status: 0, messages: "", problems: [] });
    expect(JSON.parse(summary)).toEqual({ blobs: 3, bytes: expect.any(Number), tags: 2, seconds: expect.any(Number) });
  });

  it("finds nothing in a storage without images", () => {
    using registry = new ScratchRegistry();
    registry.write("storage/empty", "");
    expect(JSON.parse(check(registry.storage).summary)).toMatchObject({ blobs: 0, bytes: 0, tags: 0 });
  });

  it("tells a missing blob from one that was collected", () => {
    using registry = new ScratchRegistry();
    const one = registry.push("app", "1.0", "a");
    const two = registry.push("app", "2.0", "b");
    registry.remove(registry.blobPath(one.layer));
    registry.remove(registry.blobPath(two.layer));
    registry.write(`storage/collection/trash/${two.layer}/data`, "b");
    expect(check(registry.storage).problems.sort()).toEqual([
      `live\tcollected blob\tsha256:${two.layer}\tapp:2.0`,
      `live\tmissing blob\tsha256:${one.layer}\tapp:1.0`,
    ]);
  });

  it("says that it cannot read the storage", () => {
    expect(check("/absent")).toMatchObject({ status: 1, messages: "error: /absent cannot be read\n" });
  });
});
